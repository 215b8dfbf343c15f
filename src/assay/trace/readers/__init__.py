"""Readers, one a file: traces of Assay and profiles of other tools."""
