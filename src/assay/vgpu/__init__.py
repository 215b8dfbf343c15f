"""The software GPU. Usable alone: ``import assay.vgpu as vg``; it knows nothing of the rest of Assay."""

from __future__ import annotations

from assay.vgpu.clock import ClockInfo, clock_info
from assay.vgpu.core import CoreInfo, core_info
from assay.vgpu.kernels import Kernel, all_kernels, sum_of

__all__ = ["ClockInfo", "CoreInfo", "Kernel", "all_kernels", "clock_info", "core_info", "sum_of"]
