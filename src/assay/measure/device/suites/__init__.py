"""The cases of each suite, one file a suite."""
