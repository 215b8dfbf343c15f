"""Records as lines for people: pure functions from a record to text."""
