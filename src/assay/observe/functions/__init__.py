"""Exact counts of calls from a second run under the interpreter's own profiler."""
