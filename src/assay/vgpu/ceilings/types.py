"""The roofline of one machine, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Peak:
    """The most operations of one type."""

    dtype: str
    """``fp64``, ``fp32``, ``bf16`` (into fp32) or ``int8`` (into int32)."""
    threads: int
    """Threads that worked at once."""
    operations_per_s: float | None
    """Multiplications and additions; none where the machine has no such instruction."""
    reason: str
    """Why there is none; empty where there is one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bandwidth:
    """The most bytes that can be moved in one memory level."""

    level: str
    """``L1``, ``L2``, ``L3`` or ``DRAM``."""
    kind: str
    """``read``, ``write``, or ``copy``, which counts both."""
    threads: int
    """Threads that worked at once."""
    working_set_bytes: int
    """What each of them went over, again and again."""
    bytes_per_s: float
    """Of all threads together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceilings:
    """The roofline of one machine, each number the best of several tries."""

    machine: str
    """Fingerprint of what they depend on: processor, caches, workers, instruction set, build."""
    processor: str
    """Name of the processor."""
    workers: int
    """Workers of the device."""
    isa: str
    """Instruction set in use."""
    measured: str
    """When, UTC, as ISO 8601."""
    peaks: tuple[Peak, ...]
    """For each type: one thread, then all workers."""
    bandwidths: tuple[Bandwidth, ...]
    """For each level and kind: one thread, then all workers."""
    launch_ns: float
    """A launch from Python of a kernel that does nothing, above an empty call."""
    node_ns: float
    """The same in a replayed graph."""

    def peak(self, dtype: str, threads: int) -> float | None:
        """Operations per second of a type; None where it was not measured."""
        return next((p.operations_per_s for p in self.peaks if (p.dtype, p.threads) == (dtype, threads)), None)

    def bandwidth(self, level: str, kind: str, threads: int) -> float | None:
        """Bytes per second of a level; None where it was not measured."""
        wanted = (level, kind, threads)
        return next((b.bytes_per_s for b in self.bandwidths if (b.level, b.kind, b.threads) == wanted), None)
