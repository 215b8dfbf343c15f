"""Graphs of operators: what was executed, which node of the model it came from, and what it had to compute and move."""
