"""Tuning of matrix products: what is faster on this machine than the built-in rules, found by measuring and kept.

A file per machine and build, ``$XDG_CACHE_HOME/assay/gemm-….tuning``, is read by the native core before the first
product that is large enough to gain. ``ASSAY_TUNING`` names another file; ``ASSAY_TUNING=off`` ignores all.
"""

from __future__ import annotations

from assay.vgpu.tuning.kept import Described, Kept, clear, described, kept_path, read
from assay.vgpu.tuning.shapes import default_shapes, shape_in
from assay.vgpu.tuning.stopwatch import MachineStopwatch, Stopwatch
from assay.vgpu.tuning.tuner import tune
from assay.vgpu.tuning.types import DTYPES, RULES, Choice, Dtype, Shape, Verdict

__all__ = [
    "DTYPES",
    "RULES",
    "Choice",
    "Described",
    "Dtype",
    "Kept",
    "MachineStopwatch",
    "Shape",
    "Stopwatch",
    "Verdict",
    "clear",
    "default_shapes",
    "described",
    "kept_path",
    "read",
    "shape_in",
    "tune",
]
