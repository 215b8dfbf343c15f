"""The trace of an inference as data: its columns, the lines of its text form, and what is stated once in its header."""
