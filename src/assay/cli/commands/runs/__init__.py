"""``assay runs``: one file a verb."""
