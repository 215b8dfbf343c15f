"""The software GPU against its own ceilings, and against NumPy in the same interleaved minutes."""

from __future__ import annotations

from assay.measure.device.case import SUITES, Case, Result, Sides
from assay.measure.device.ceiling import present_ceilings
from assay.measure.device.sealing import Sealed, seal
from assay.measure.device.trial import measure

__all__ = ["SUITES", "Case", "Result", "Sealed", "Sides", "measure", "present_ceilings", "seal"]
