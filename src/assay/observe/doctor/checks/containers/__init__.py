"""Checks of containers and their limits: one module is one check."""
