"""Shapes of code that take more than one line to see: recursions, growing lists, loops that only wait or search."""

from __future__ import annotations
