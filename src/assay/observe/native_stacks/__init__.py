"""What perf says about the code on the processor."""
