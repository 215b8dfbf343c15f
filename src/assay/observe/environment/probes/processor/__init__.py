"""Probes of the processor."""
