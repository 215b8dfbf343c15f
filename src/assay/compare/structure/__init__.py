"""What two sides have in common: their cells, and which cell of one is which of the other."""
