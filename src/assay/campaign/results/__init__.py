"""What a campaign came to: cells, cycles and intervals."""
