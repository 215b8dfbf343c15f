"""Text for terminals: escaping, colour, tables, progress."""
