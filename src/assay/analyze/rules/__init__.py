"""Rules: what they are, how they are read from files, and how they speak."""

from __future__ import annotations
