"""What a target writes: the ways it goes, what is kept of it, and what is passed on."""
