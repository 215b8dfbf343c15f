"""Checks of this repository: each file one rule, each `main()` an exit status and one line per violation."""
