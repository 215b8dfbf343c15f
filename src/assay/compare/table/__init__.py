"""The answer line by line: arrays for the statistics, claims, counts, and savings that only moved."""
