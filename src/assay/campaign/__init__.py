"""Campaigns: many experiments from one file, each exactly once, whatever is killed when."""
