"""From the raw data of a run to the causes of its time: pure functions, no measuring."""
