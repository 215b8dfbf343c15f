"""Versions of the source that is measured."""
