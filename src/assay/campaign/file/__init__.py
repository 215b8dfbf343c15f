"""The file of a campaign: read with the line of every value, and checked as a whole."""
