"""Probes of the operating system, its limits and its memory."""
