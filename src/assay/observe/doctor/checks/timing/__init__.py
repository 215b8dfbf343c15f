"""Checks of clocks: one module is one check."""
