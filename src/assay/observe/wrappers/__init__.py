"""One file per wrapper; the folder is the registry."""
