"""The one device: the processors that this process may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from assay.vgpu.core import active, core_info

if TYPE_CHECKING:
    from assay.vgpu import _native as native
else:

    class _Absent:
        def __getattr__(self, name: str) -> NoReturn:
            message = (
                f"{name}: this needs the native core of assay.vgpu, which is not installed; install a C++ compiler "
                "(Debian: apt install g++) and reinstall with ASSAY_REQUIRE_NATIVE=true"
            )
            raise RuntimeError(message)

    native = active if hasattr(active, "stream_open") else _Absent()


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


__all__ = ["Device", "device", "native"]
