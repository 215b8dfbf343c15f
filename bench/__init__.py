"""Measurements of Assay itself, against named peers and on its own; see README.md in this folder."""

from __future__ import annotations
