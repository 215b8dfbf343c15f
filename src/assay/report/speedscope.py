"""What all files for speedscope have in common."""

from __future__ import annotations

SCHEMA = "https://www.speedscope.app/file-format-schema.json"
"""Names the format; nothing is fetched from there."""
