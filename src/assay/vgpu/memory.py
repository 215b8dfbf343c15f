"""Memory in tiers: buffers that leave memory while nobody uses them and come back when they are pinned.

>>> weights = Buffer(1 << 20, name="weights")
>>> with weights.pinned() as view:
...     view[:5] = b"bytes"
>>> weights.evict(), weights.tier
(True, 'compressed')
>>> with weights.pinned(read_only=True) as view:
...     bytes(view[:5])
b'bytes'
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

Tier = Literal["memory", "compressed", "spill", "nowhere"]
"""Where a buffer's bytes are; ``nowhere`` while it was never pinned, which is as good as zeros."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What may be used at most, in bytes."""

    memory_bytes: int
    """Resident: buffers, large blocks, slabs of small blocks. By default nine tenths of what the machine has."""
    huge_bytes: int
    """Of pages that the kernel is asked to make huge."""
    idle_bytes: int
    """Of pages kept for reuse, on top of ``memory_bytes``."""
    compressed_bytes: int
    """Of compressed buffers, as compressed."""
    spill_bytes: int = 0
    """Length of the spill file; 0 spills nothing."""
    spill_folder: str = ""
    """Where the spill file is made: without a name, so that it goes with the process. Empty spills nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistics:
    """What is where, in bytes, and what has moved since the start."""

    resident_bytes: int
    """What ``Limits.memory_bytes`` limits."""
    most_resident_bytes: int
    """The most it ever was."""
    buffer_bytes: int
    """Of the resident bytes, those of buffers."""
    pinned_bytes: int
    """Of those, pinned."""
    small_live_bytes: int
    """Small blocks in use."""
    small_slab_bytes: int
    """The slabs that they lie in."""
    large_live_bytes: int
    """Blocks and buffers of more than 1.75 MiB."""
    mapped_bytes: int
    """Pages taken from the system, idle ones included."""
    huge_bytes: int
    """Of those, in huge pages as far as the kernel had some."""
    reserved_bytes: int
    """Of those, from the pool that the administrator reserved."""
    idle_bytes: int
    """Pages kept for reuse."""
    mappings: int
    """Runs of pages taken from the system."""
    reuses: int
    """Runs of pages used again instead."""
    compressed_bytes: int
    """Compressed buffers, as compressed."""
    compressed_from_bytes: int
    """The same, before compression."""
    spill_bytes: int
    """In use in the spill file."""
    spill_file_bytes: int
    """Its length."""
    evictions: int
    """Buffers that left memory."""
    free_evictions: int
    """Of those, with a valid copy below, so that nothing was written."""
    returns: int
    """Buffers that came back."""
    prefetches: int
    """Of those, in the background."""
    failed_prefetches: int
    """Prefetches that found no room or no disk."""
    chunks_lz4: int
    """Pieces of 256 KiB compressed by lz4."""
    chunks_zstd: int
    """The same by zstd."""
    chunks_raw: int
    """The same stored as they are, since compression did not pay."""
    into_compressed_bytes: int
    """Taken in by the compressor."""
    out_of_compressed_bytes: int
    """Given out by it."""
    spill_written_bytes: int
    """Written to the spill file."""
    spill_read_bytes: int
    """Read from it."""
    without_lz4: str
    """Why lz4 is not used; empty where it is."""
    without_zstd: str
    """The same for zstd."""

    @property
    def compression_ratio(self) -> float | None:
        """Bytes before compression for each byte after; none while nothing is compressed."""
        return self.compressed_from_bytes / self.compressed_bytes if self.compressed_bytes else None


class Buffer:
    """Bytes that stay in memory while pinned, and otherwise as long as there is room.

    They begin as zeros and take no memory before they are first pinned. Safe to use from several threads.
    """

    __slots__ = ("_exporter", "_reader", "bytes", "name")

    def __init__(self, size_bytes: int, *, name: str = "") -> None:
        """Make a buffer; ``name`` is what an out-of-memory error calls it."""
        core = _native()
        self._exporter = core.memory_buffer(size_bytes, name)
        self._reader = core.memory_reader(self._exporter)
        self.bytes = size_bytes
        self.name = name

    @contextmanager
    def pinned(self, *, read_only: bool = False) -> Iterator[memoryview]:
        """The bytes, at one address as long as the view or anything made of it lives.

        Where the limit asks for it, unpinned buffers are moved out, the one used longest ago first. After reading only,
        a copy in a lower tier stays valid, which makes the next eviction free.

        Raises ``MemoryError``, which says what holds what, and ``OSError`` when the spill file fails; the bytes are
        then where they were, and pinning may be tried again.
        """
        with memoryview(self._reader if read_only else self._exporter) as view:
            yield view

    def prefetch(self) -> None:
        """Ask for the bytes to be brought into memory in the background; a hint."""
        _native().memory_prefetch(self._exporter)

    def evict(self) -> bool:
        """Move the bytes to a lower tier now; false when they are pinned, not in memory, or no tier has room."""
        return cast("bool", _native().memory_evict(self._exporter))

    @property
    def tier(self) -> Tier:
        """Where the bytes are."""
        return cast("Tier", _native().memory_tier(self._exporter))

    @property
    def pins(self) -> int:
        """How many views hold the bytes in memory."""
        return cast("int", _native().memory_pins(self._exporter))


def limits() -> Limits:
    """The limits in force."""
    memory, huge, idle, compressed, spill, folder = _native().memory_limits()
    return Limits(
        memory_bytes=memory,
        huge_bytes=huge,
        idle_bytes=idle,
        compressed_bytes=compressed,
        spill_bytes=spill,
        spill_folder=folder,
    )


def set_limits(wanted: Limits) -> None:
    """Put limits in force; ``dataclasses.replace(limits(), …)`` changes some.

    Lower ones move buffers out at once. Raises ``ValueError`` for a limit that can't be and ``OSError`` when the folder
    can't hold a file; nothing is changed then.
    """
    _native().memory_set_limits(*asdict(wanted).values())


def statistics() -> Statistics:
    """What is where, and what has moved. Exact while no other thread allocates."""
    core = _native()
    without_lz4, without_zstd = core.memory_codecs()
    return Statistics(**dict(core.memory_counts()), without_lz4=without_lz4, without_zstd=without_zstd)


def trim() -> None:
    """Give free memory back to the system: of this thread, of threads that ended, and pages kept for reuse."""
    _native().memory_trim()


def _native() -> Any:
    try:
        return importlib.import_module("assay.vgpu._native")
    except ImportError as error:
        raise RuntimeError(
            f"memory in tiers needs the native core: {error}; install a C++ compiler and reinstall"
        ) from error
