"""Formats of a comparison, one file each: the folder is the list."""
