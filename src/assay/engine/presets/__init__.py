"""Models of random weights, built on this machine, so that everything works with no download."""

from __future__ import annotations

from assay.engine.presets.build import preset_path
from assay.engine.presets.shapes import PRESETS

__all__ = ["PRESETS", "preset_path"]
