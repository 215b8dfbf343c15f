"""Documents of ``assay campaign``."""
