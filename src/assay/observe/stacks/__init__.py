"""Python stacks of running processes: the tree they are kept in, and where they come from."""
