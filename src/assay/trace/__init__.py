"""Traces of inferences: recorded step by step, written, read back from many tools, and judged."""
