"""Streams, events, graphs and the counters of launches."""
