"""Tables of whole runs."""
