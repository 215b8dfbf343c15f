"""What campaigns promise, tried on real processes."""
