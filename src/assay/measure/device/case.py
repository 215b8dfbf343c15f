"""One thing that the device does again and again, what the machine allows for it, and what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.plugins import Folder
from assay.vgpu import Ceilings

SUITES = Folder("assay.measure.device.suites")
"""Each file holds the cases of one suite, as ``PLUGIN``: a function of nothing that lists them."""

_COMPUTED_AS = {"fp16": "fp32", "int4": "int8"}  # types without arithmetic of their own

Work = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The work, ready to be done."""

    ours: Work
    numpy: Work | None = None
    """The same by NumPy; None where it has no such thing."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of a table."""

    name: str
    prepare: Callable[[], Sides]
    """Makes the operands; what it costs is not measured."""
    precision: str = "unspecified"
    """Number format, as the record names it."""
    operations: int = 0
    """Multiplications and additions of one call."""
    moved_bytes: int = 0
    """Bytes that one call has to read from and write to main memory."""
    traffic: str = "read"
    """The ceiling of main memory that they meet: ``read``, ``write`` or ``copy``."""
    things: int = 1
    """Tasks, nodes … inside one call, where the time of one of them is what is asked for."""

    def floor_s(self, ceilings: Ceilings) -> float | None:
        """What one call takes at least on this machine; None where no ceiling was measured for it."""
        computed_as = _COMPUTED_AS.get(self.precision, self.precision)
        peak = ceilings.peak(computed_as, ceilings.workers) if self.operations else None
        bandwidth = ceilings.bandwidth("DRAM", self.traffic, ceilings.workers) if self.moved_bytes else None
        by_arithmetic = [self.operations / peak] if peak else []
        by_memory = [self.moved_bytes / bandwidth] if bandwidth else []
        return max([*by_arithmetic, *by_memory], default=None)


@dataclass(frozen=True)
class Sample:
    """Some calls, one after another."""

    start_ns: int
    wall_ns: int
    call_s: float
    """Time of one call."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was measured of one case: one sample a block of each side."""

    suite: str
    case: Case
    ours: tuple[Sample, ...]
    numpy: tuple[Sample, ...]
    """Empty where NumPy has no such thing."""
