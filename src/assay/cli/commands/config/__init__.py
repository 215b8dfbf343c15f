"""``assay config``: one file a verb."""
