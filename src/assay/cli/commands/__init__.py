"""Commands, one file each; what they are called stands in ``assay.cli.start.tree``."""
