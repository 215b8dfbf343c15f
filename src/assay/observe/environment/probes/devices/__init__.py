"""Probes of devices; each guards the library it needs."""
