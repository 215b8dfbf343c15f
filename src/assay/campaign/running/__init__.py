"""Carrying a campaign out: devices are locked, workers started, and their results taken in."""
