"""Checks of Assay's own parts and of libraries: one module is one check."""
