"""Formats of other tools for a trace, one a file."""
