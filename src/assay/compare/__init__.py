"""What two sets of runs have to say about a change: whether they can be compared, and what follows."""
