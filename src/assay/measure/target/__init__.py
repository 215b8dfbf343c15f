"""One target: the command, its start, the watch over it, its output, and its end."""
