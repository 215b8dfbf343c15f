"""perf at work on the target: what it samples, what it counts, and how it is started and ended."""
