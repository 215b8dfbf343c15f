"""Checks of what makes the processor's speed vary: one module is one check."""
