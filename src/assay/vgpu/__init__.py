"""The software GPU. Usable alone: ``import assay.vgpu as vg``; it knows nothing of the rest of Assay."""

from __future__ import annotations

from assay.vgpu.clock import ClockInfo, clock_info
from assay.vgpu.core import CoreInfo, core_info
from assay.vgpu.device import Device, device
from assay.vgpu.event import Event, elapsed_ns
from assay.vgpu.graph import Graph
from assay.vgpu.kernels import Kernel, all_kernels, sum_of
from assay.vgpu.profile import Profile, profile
from assay.vgpu.stream import Stream, default_stream

__all__ = [
    "ClockInfo",
    "CoreInfo",
    "Device",
    "Event",
    "Graph",
    "Kernel",
    "Profile",
    "Stream",
    "all_kernels",
    "clock_info",
    "core_info",
    "default_stream",
    "device",
    "elapsed_ns",
    "profile",
    "sum_of",
]
