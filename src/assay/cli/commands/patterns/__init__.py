"""``assay patterns``: one file per command."""
