"""One file per collector; the folder is the registry."""
