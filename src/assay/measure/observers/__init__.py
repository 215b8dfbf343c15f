"""The observers of one target: attached, guarded against their own mistakes, told of the tree."""
