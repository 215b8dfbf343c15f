"""Probes of the interpreter, its libraries and the source state."""
