"""Facts about the processor that tell machines apart."""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path

from assay.vgpu.core import core_info
from assay.vgpu.runtime.native import native

_VERSION = 1
_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_USUAL = [(1, 32 << 10), (2, 1 << 20), (3, 16 << 20)]


def processor_name() -> str:
    """What the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def cache_levels() -> list[tuple[int, int]]:
    """Level and bytes of each data cache of the first processor; usual ones where the machine doesn't say."""
    levels = {}
    for folder in sorted(_CACHES.glob("index*")):
        try:
            level, kind, size = ((folder / name).read_text().strip() for name in ("level", "type", "size"))
            if kind != "Instruction":
                levels[int(level)] = int(size[:-1]) * _UNITS[size[-1]]
        except (OSError, ValueError, KeyError, IndexError):
            continue
    return sorted(levels.items()) or _USUAL


def machine_fingerprint() -> str:
    """A hash of everything that the ceilings depend on and that can be asked for without measuring."""
    info = core_info()
    facts = [_VERSION, processor_name(), platform.machine(), cache_levels(), native.workers(), info.isa, info.features]
    return hashlib.sha256(json.dumps([*facts, info.compiler]).encode()).hexdigest()
