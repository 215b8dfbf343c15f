"""One check, looked at on an acted machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.observe.doctor.examine import GROUPS, folder_of, look
from assay.observe.doctor.finding import Finding
from tests.observe.doctor.hosts import make_surroundings
from tests.observe.environment.machines import Files


def finding(name: str, root: Path, *parts: Files, **changes: Any) -> Finding:
    """What the check of that name finds."""
    group = next(group for group in GROUPS if name in folder_of(group).names())
    return look(folder_of(group).load(name), make_surroundings(root, *parts, **changes))
