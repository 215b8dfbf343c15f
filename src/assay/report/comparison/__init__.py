"""A comparison laid out for people, pull requests and other programs."""
