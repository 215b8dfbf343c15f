"""Which processor it is."""

from __future__ import annotations

import os

from assay.observe.environment.facts import Facts, Unknown, first, known
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_ARM_VENDORS = {"0x41": "ARM", "0x4e": "NVIDIA", "0x61": "Apple", "0xc0": "Ampere", "0x51": "Qualcomm"}
_MODEL_KEYS = ("model name", "Model", "cpu model", "cpu", "Processor")
_SIGNATURE_KEYS = (
    ("cpu family", "model", "stepping"),
    ("CPU implementer", "CPU part", "CPU revision"),
)


def _read(sources: Sources) -> Facts:
    info = sources.cpuinfo
    stated = {} if isinstance(info, Unknown) else info
    silent = info if isinstance(info, Unknown) else Unknown("/proc/cpuinfo does not state it")
    return {
        "model": next((stated[key] for key in _MODEL_KEYS if stated.get(key)), silent),
        "vendor": stated.get("vendor_id") or _ARM_VENDORS.get(stated.get("CPU implementer", "")) or silent,
        "signature": _signature(stated) or silent,
        "microcode": _microcode(sources, stated),
        "architecture": _architecture(sources),
        "features": tuple(sorted(set((stated.get("flags") or stated.get("Features") or "").split()))) or silent,
    }


def _signature(stated: dict[str, str]) -> str | None:
    for keys in _SIGNATURE_KEYS:
        if all(stated.get(key) for key in keys):
            return "-".join(stated[key] for key in keys)
    return None


def _microcode(sources: Sources, stated: dict[str, str]) -> str | Unknown:
    if stated.get("microcode"):
        return stated["microcode"]
    return first(sources.text(f"sys/devices/system/cpu/cpu{cpu}/microcode/version") for cpu in sources.some_cpus[:1])


def _architecture(sources: Sources) -> str | Unknown:
    stated = sources.text("proc/sys/kernel/arch")
    return os.uname().machine if sources.live and not known(stated) else stated


PLUGIN = Probe(
    section="cpu",
    fields=("model", "vendor", "signature", "microcode", "architecture", "features"),
    read=_read,
)
