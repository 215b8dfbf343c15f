"""Documents of the software GPU."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Name, Record, Text


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
