"""Speed and endurance of the store."""

from __future__ import annotations
