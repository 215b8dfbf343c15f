"""What is said of inference: runs of a model, traces, and what a backend can be told."""
