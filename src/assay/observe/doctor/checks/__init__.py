"""The checks of `assay doctor`, a folder for each group."""
