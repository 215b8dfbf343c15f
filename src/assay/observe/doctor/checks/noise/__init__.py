"""Checks of what disturbs a measurement: one module is one check."""
