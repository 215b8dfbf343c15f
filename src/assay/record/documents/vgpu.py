"""Documents of the software GPU."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Name, Record, Text, Ulid


class TunedShape(Record, kw_only=True):
    """What came of tuning one shape of products."""

    dtype: Name
    """``fp64``, ``fp32``, ``bf16``, ``int8`` or ``fp16``."""
    shape: Name
    """Rows of A, columns of B and columns of A; ``:nt`` says that B is transposed."""
    workers: Count
    """Workers that shared each product."""
    choice: Text
    """What holds from now on; empty where the built-in rules do."""
    before_s: float | None
    """A product by the built-in rules; null where no candidate was put to the test."""
    after_s: float | None
    """The same by the best candidate, accepted or not; null likewise."""
    gain: float | None
    """Median over interleaved pairs of before / after; null likewise."""
    gain_least: float | None
    """What the gain is at least, at 99 % confidence; null likewise."""
    pairs: Count
    """Pairs measured after the search, from which the gain was taken."""
    reason: Text
    """Why the rules stay; empty where they don't."""


class TunedClass(Record, kw_only=True):
    """One class of products for which something else than the rules holds."""

    dtype: Name
    """``fp64``, ``fp32``, ``bf16``, ``int8`` or ``fp16``."""
    sizes: Name
    """From which m, n and k on, each up to half as much again or a third more: ``1024x1024x512``."""
    orders: Name
    """``n`` or ``t`` for A and for B: as they are, or transposed."""
    workers: Count
    """Number of workers for which it holds; 0 for any."""
    choice: Text
    """What holds."""
    remark: Text
    """The shape it was found with, its gain and the day."""


class VgpuTune(Record, kw_only=True):
    """Matrix products of the software GPU, tuned for this machine."""

    document: Literal["vgpu.tune"] = "vgpu.tune"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    machine: Text
    """What the choices depend on: processor, caches, instruction set, build of the kernels."""
    path: Text
    """Where they are kept."""
    ignored: Text
    """Why the file that was there is not used; empty where it is, or where there was none."""
    shapes: tuple[TunedShape, ...]
    """What was tuned now."""
    classes: tuple[TunedClass, ...]
    """What is kept, whenever it was found."""


class BenchRow(Record, kw_only=True):
    """One thing that the device did again and again."""

    suite: Name
    """``gemm``, ``skinny``, ``pool``, ``memory``, ``launch`` or ``arrays``."""
    case: Name
    """What was done."""
    precision: Name
    """Number format; ``unspecified`` where there is no arithmetic."""
    time_s: float
    """Time of one, median over the blocks."""
    low_s: float | None
    """Lower end of the median's 95 % interval; null where there are too few blocks."""
    high_s: float | None
    """Its upper end; null likewise."""
    operations_per_s: float | None
    """Multiplications and additions in that time; null where they are not the point."""
    bytes_per_s: float | None
    """Bytes that had to be read from and written to main memory in that time; null likewise."""
    ceiling_share: float | None
    """What the machine's measured ceilings allow over what was taken: 1 is all of it; null where none apply."""
    numpy_s: float | None
    """NumPy's time for the same, median over the same blocks; null where it has no such thing."""
    numpy_ratio: float | None
    """Median over the blocks of NumPy's time over ours: above 1 the device is faster; null likewise."""
    ratio_low: float | None
    """Lower end of its 95 % interval; null likewise."""
    ratio_high: float | None
    """Its upper end; null likewise."""


class BenchRun(Record, kw_only=True):
    """One sealed run of the store."""

    suite: Name
    """The suite it holds."""
    side: Name
    """``ours`` or ``numpy``."""
    id: Ulid
    """Its id."""


class VgpuBench(Record, kw_only=True):
    """The software GPU against the machine's ceilings and NumPy."""

    document: Literal["vgpu.bench"] = "vgpu.bench"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    processor: Text
    """Name of the processor."""
    workers: Count
    """Workers of the device."""
    isa: Name
    """Instruction set in use."""
    numpy: Name
    """Version of NumPy."""
    session: Name
    """Name of the sitting, which the runs carry."""
    seed: Count
    """Order of the measurements."""
    blocks: Count
    """Blocks that were measured; each holds every side of every case once."""
    others_share: float | None
    """Share of the processors that other programs used meanwhile; null where the kernel doesn't say."""
    rows: tuple[BenchRow, ...]
    """What was measured."""
    runs: tuple[BenchRun, ...]
    """Where it is kept."""
