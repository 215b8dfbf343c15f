"""Rules of Assay, one file per family."""
