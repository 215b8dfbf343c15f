"""Measurements of the software GPU."""
