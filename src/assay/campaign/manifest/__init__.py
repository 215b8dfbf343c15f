"""The manifest: what became of every experiment, in a database that survives a loss of power."""
