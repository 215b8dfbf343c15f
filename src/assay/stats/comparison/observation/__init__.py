"""From measurements to observations: locations, what is shared, and lines."""

from __future__ import annotations
