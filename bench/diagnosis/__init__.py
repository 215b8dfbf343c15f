"""How often the diagnosis finds a planted cause, and how often it claims one where there is none."""

from __future__ import annotations
