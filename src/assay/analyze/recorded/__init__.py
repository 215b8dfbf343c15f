"""Recorded evidence by which rules are tested: for each a run that has its cause, and one that only looks like it."""
