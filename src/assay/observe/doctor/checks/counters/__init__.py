"""Checks of sampling and of performance counters: one module is one check."""
