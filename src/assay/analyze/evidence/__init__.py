"""What the raw tables of a run say, brought into one form: clocks, lines of code, series."""

from __future__ import annotations
