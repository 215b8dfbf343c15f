"""What `assay profile` is asked for: its options, checked and put together."""
