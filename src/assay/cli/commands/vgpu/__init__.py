"""``assay vgpu``: one file a verb."""
