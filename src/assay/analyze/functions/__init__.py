"""The functions of the pattern language: one file per subject, one table of all."""

from __future__ import annotations
