"""Pure statistics: distributions, sketches, tests. Nothing here reads or writes."""

from __future__ import annotations
