"""How often the statistics are right, on series whose answer is known."""
