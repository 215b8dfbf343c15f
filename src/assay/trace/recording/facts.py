"""What is known of a recording before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from assay.record.enums import Backend, Precision
from assay.record.trace.lines import Provenance


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What goes into the header of a trace."""

    model: str = ""
    """Which model."""
    backend: Backend = Backend.OTHER
    """What runs it."""
    precision: Precision = Precision.UNSPECIFIED
    """Number format of the dominant arithmetic."""
    threads: int | None = None
    """Threads that compute at once; None where not known."""
    weight_bytes: int | None = None
    """Bytes of the weights as they are read; None where not known."""
    session: str = ""
    """Sitting that the trace belongs to; a new one where empty."""
    build: str = ""
    """Build of the engine."""
    machine: str = ""
    """Fingerprint of the machine whose ceilings apply; this one where empty."""
    cpu_time: bool = True
    """Whether the thread's CPU clock is read at both ends of whole steps: 0.5 to 1 µs a step."""
    provenance: tuple[Provenance, ...] = ()
    """Where counted numbers come from: FLOPs and bytes."""
