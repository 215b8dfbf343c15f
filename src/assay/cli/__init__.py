"""The command line: the only place that prints, and the place where errors are caught."""
