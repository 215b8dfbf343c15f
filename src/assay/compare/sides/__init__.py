"""The two sides: whether they can be compared, in what they differ, and what was expected of them."""
