"""``assay campaign``: many experiments from one file."""
