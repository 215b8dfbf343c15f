"""Operators and steps of a model's run under the ceilings of its machine: read from the run, and drawn."""
