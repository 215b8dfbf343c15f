"""Energy of devices over windows of time: sources that read meters, a sampler that reads in time, and the accounts."""
