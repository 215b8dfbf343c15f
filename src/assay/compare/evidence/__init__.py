"""Kinds of evidence that runs hold for a comparison, one file each: the folder is the list."""
