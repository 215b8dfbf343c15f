"""Ceilings that were measured before: one file per machine, replaced as a whole, ignored when it is damaged."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assay.vgpu.ceilings.machine import machine_fingerprint
from assay.vgpu.ceilings.types import Bandwidth, Ceilings, Peak


def cache_path() -> Path:
    """Where the ceilings of this machine are kept."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    folder = Path(base) if base.startswith("/") else Path.home() / ".cache"
    return folder / "assay" / f"ceilings-{machine_fingerprint()[:16]}.json"


def kept(path: Path) -> Ceilings | None:
    """What the file holds; None where it is missing, damaged, or of another machine or version."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        peaks = tuple(Peak(**peak) for peak in found.pop("peaks"))
        bandwidths = tuple(Bandwidth(**bandwidth) for bandwidth in found.pop("bandwidths"))
        read = Ceilings(peaks=peaks, bandwidths=bandwidths, **found)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return read if read.machine == machine_fingerprint() else None


def keep(path: Path, found: Ceilings) -> None:
    """Replace the file as a whole; a folder that can't be written only means measuring again."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(asdict(found), indent=1), encoding="utf-8")
        unfinished.replace(path)
