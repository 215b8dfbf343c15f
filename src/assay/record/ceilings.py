"""The roofline of one machine: what every share of a peak refers to."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Name, Record, Sha256, Text

CEILINGS_FILE = "raw/machine/ceilings.json"
"""File of a run in which they are kept as they held for it."""


class Peak(Record, kw_only=True):
    """The most operations of one type."""

    dtype: Name
    """``fp64``, ``fp32``, ``bf16`` (into fp32) or ``int8`` (into int32)."""
    threads: Count
    """Threads that worked at once."""
    operations_per_s: float | None
    """Multiplications and additions; null where the machine has no such instruction."""
    reason: Text
    """Why there is none; empty where there is one."""


class Bandwidth(Record, kw_only=True):
    """The most bytes that can be moved in one memory level."""

    level: Name
    """``L1``, ``L2``, ``L3`` or ``DRAM``."""
    kind: Name
    """``read``, ``write``, or ``copy``, which counts both."""
    threads: Count
    """Threads that worked at once."""
    working_set_bytes: Count
    """What each of them went over, again and again."""
    bytes_per_s: float
    """Of all threads together."""


class Ceilings(Record, kw_only=True):
    """The roofline of one machine, each number the best of several tries."""

    machine: Sha256
    """Fingerprint of what they depend on."""
    processor: Text
    """Name of the processor."""
    workers: Count
    """Workers of the software GPU."""
    isa: Name
    """Instruction set in use."""
    measured: Name
    """When, UTC, as ISO 8601."""
    peaks: tuple[Peak, ...]
    """For each type: one thread, then all workers."""
    bandwidths: tuple[Bandwidth, ...]
    """For each level and kind: one thread, then all workers."""
    launch_ns: float
    """A launch from Python of a kernel that does nothing, above an empty call."""
    node_ns: float
    """The same in a replayed graph."""


class VgpuInfo(Record, kw_only=True):
    """The software GPU of this machine and what it can do at most."""

    document: Literal["vgpu.info"] = "vgpu.info"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    compiler: Text | None
    """Compiler of the native core."""
    ceilings: Ceilings
    """Measured now, or earlier on this machine."""
