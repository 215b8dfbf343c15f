"""A trace for people to read, and for other tools to open."""
