"""Runs being written: the lock, the journal, the sealing, and the rescue of what a killed process left."""

from __future__ import annotations
