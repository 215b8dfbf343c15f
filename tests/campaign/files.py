"""Campaign files for tests, small and quick to carry out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

QUICK = {"baseline_s": 0, "repetitions": 1, "warmup": 0, "energy": ["hwmon"]}
"""Settings of an experiment that takes no longer than its command."""


def campaign_file(folder: Path, *, code: str = "pass", name: str = "sizes.yaml", **keys: Any) -> Path:
    """A campaign over ``n`` whose experiments run ``code``, to which ``n`` is given as its argument."""
    experiment = {"command": [sys.executable, "-S", "-c", code, "{n}"], **QUICK}
    file = folder / name
    file.write_text(
        json.dumps({"experiment": experiment, "axes": {"n": [1, 2]}, "cycles": 1, **keys}), encoding="utf-8"
    )
    return file
