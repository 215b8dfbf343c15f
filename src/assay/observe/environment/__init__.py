"""Where a run takes place: probes read facts from the machine, and what can't be had says why."""

from __future__ import annotations

from assay.observe.environment.capture import capture, capture_from
from assay.observe.environment.sources import Sources

__all__ = ["Sources", "capture", "capture_from"]
