"""What needs a library that a base install does not have: the folder is the registry, one file a library."""
