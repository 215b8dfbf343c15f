"""The one device: the processors that this process may use."""

from __future__ import annotations

from dataclasses import dataclass

from assay.vgpu.core import core_info
from assay.vgpu.runtime.native import native


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """What launches run on."""

    name: str
    """``vgpu``."""
    workers: int
    """Threads that share a kernel: the processors this process may use; ``ASSAY_THREADS`` overrides."""
    isa: str
    """The instruction set that the kernels use."""


def device() -> Device:
    """The device. Raises ``RuntimeError`` where there is no native core."""
    return Device(name="vgpu", workers=native.workers(), isa=core_info().isa)
