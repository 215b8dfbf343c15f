"""Checks of energy counters: one module is one check."""
