"""The forward pass in plain NumPy and fp64: slow, and what every faster one is compared with."""

from __future__ import annotations

from assay.engine.reference.decoder import Reference, Sequence

__all__ = ["Reference", "Sequence"]
