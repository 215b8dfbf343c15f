"""The source of this repository as the checks read it."""
