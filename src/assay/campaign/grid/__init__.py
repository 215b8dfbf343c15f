"""The grid: which experiments a file means, and in which order they are made."""
