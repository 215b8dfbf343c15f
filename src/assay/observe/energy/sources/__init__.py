"""Sources of energy: one module is one source, and gives a reader for each physical device it finds."""
