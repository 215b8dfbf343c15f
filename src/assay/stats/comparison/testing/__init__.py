"""Tests of all lines at once, with and without blocks."""

from __future__ import annotations
