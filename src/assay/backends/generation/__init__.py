"""Generating tokens: one loop for every backend that computes logits, and what its steps have to do."""
