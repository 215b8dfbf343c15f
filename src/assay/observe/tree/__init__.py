"""The target's process tree: who is in it, since when, and which program each process runs."""

from __future__ import annotations

from assay.observe.tree.follow import Tree

__all__ = ["Tree"]
