from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay.vgpu import memory
from assay.vgpu.core import core_info

MIB = 1 << 20

pytestmark = pytest.mark.skipif(core_info().core == "python", reason="tiers need the native core")


@pytest.fixture(autouse=True)
def former_limits() -> Iterator[None]:
    before = memory.limits()
    yield
    memory.set_limits(before)


def allow(memory_bytes: int, *, compressed_bytes: int = 0, folder: Path | None = None) -> None:
    memory.trim()
    memory.set_limits(
        replace(
            memory.limits(),
            memory_bytes=memory.statistics().resident_bytes + memory_bytes,
            compressed_bytes=compressed_bytes,
            spill_bytes=64 * MIB if folder else 0,
            spill_folder=str(folder or ""),
        )
    )


def noise(seed: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, MIB, dtype=np.uint8)


def test_a_working_set_of_four_times_the_limit_gives_the_right_answer(tmp_path: Path) -> None:
    allow(4 * MIB, folder=tmp_path)
    buffers = [memory.Buffer(MIB, name=f"part {seed}") for seed in range(16)]
    for seed, buffer in enumerate(buffers):
        with buffer.pinned() as view:
            np.frombuffer(view, np.uint8)[:] = noise(seed)
    for seed, buffer in enumerate(buffers):
        with buffer.pinned(read_only=True) as view:
            assert np.array_equal(np.frombuffer(view, np.uint8), noise(seed))
    assert memory.statistics().resident_bytes <= memory.limits().memory_bytes
    assert memory.statistics().spill_bytes >= 12 * MIB
    assert list(tmp_path.iterdir()) == []


def test_a_buffer_begins_as_zeros_and_moves_on_request() -> None:
    allow(4 * MIB, compressed_bytes=4 * MIB)
    buffer = memory.Buffer(MIB)
    assert buffer.tier == "nowhere"
    with buffer.pinned() as view:
        assert not any(view)
        assert (buffer.pins, buffer.tier, buffer.evict()) == (1, "memory", False)
    assert buffer.evict()
    assert (buffer.pins, buffer.tier) == (0, "compressed")
    ratio = memory.statistics().compression_ratio
    assert ratio is not None
    assert ratio > 2


def test_an_array_made_of_a_view_keeps_the_bytes_pinned() -> None:
    buffer = memory.Buffer(64)
    with buffer.pinned() as view:
        array = np.frombuffer(view, np.uint8)
    array[:] = 7
    assert (buffer.pins, buffer.evict()) == (1, False)
    del array
    assert buffer.pins == 0


def test_a_view_for_reading_can_not_be_written() -> None:
    buffer = memory.Buffer(64)
    with buffer.pinned(read_only=True) as view, pytest.raises(TypeError):
        view[0] = 1


def test_an_out_of_memory_error_says_what_holds_what() -> None:
    allow(2 * MIB)
    with memory.Buffer(2 * MIB, name="weights").pinned():
        wanted = memory.Buffer(MIB, name="activations")
        with (
            pytest.raises(MemoryError, match=r"'activations'.*'weights' 2\.0 MiB pinned.*spill folder"),
            wanted.pinned(),
        ):
            pass


def test_a_folder_that_can_not_hold_the_file_changes_nothing(tmp_path: Path) -> None:
    before = memory.limits()
    with pytest.raises(OSError, match="missing"):
        memory.set_limits(replace(before, spill_folder=str(tmp_path / "missing"), spill_bytes=MIB))
    with pytest.raises(ValueError, match="memory_bytes"):
        memory.set_limits(replace(before, memory_bytes=0))
    assert memory.limits() == before


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 bytes"):
        memory.Buffer(-1)


def test_statistics_count_what_moves(tmp_path: Path) -> None:
    allow(8 * MIB, folder=tmp_path)
    buffer = memory.Buffer(MIB)
    with buffer.pinned() as view:
        np.frombuffer(view, np.uint8)[:] = noise(1)
    before = memory.statistics()
    assert buffer.evict()
    with buffer.pinned(read_only=True):
        pass
    assert buffer.evict()
    after = memory.statistics()
    assert after.evictions - before.evictions == 2
    assert after.free_evictions - before.free_evictions == 1
    assert after.spill_written_bytes - before.spill_written_bytes == MIB
    assert after.spill_read_bytes - before.spill_read_bytes == MIB
