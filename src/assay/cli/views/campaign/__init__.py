"""Campaigns, for people."""
