from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assay.measure.streams.output import CappedLog


@pytest.mark.parametrize("piece_bytes", [1, 7, 64, 5000])
def test_both_ends_are_kept_and_everything_is_counted_and_hashed(tmp_path: Path, piece_bytes: int) -> None:
    written = bytes(range(256)) * 16
    log = CappedLog(tmp_path / "log", head_bytes=100, tail_bytes=60)
    for start in range(0, len(written), piece_bytes):
        log.write(written[start : start + piece_bytes])
    summary = log.close()
    note = f"\n[assay left out {len(written) - 160} bytes here]\n".encode()
    assert (tmp_path / "log").read_bytes() == written[:100] + note + written[-60:]
    assert summary.size_bytes == len(written)
    assert summary.sha256 == hashlib.sha256(written).hexdigest()


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 160])
def test_what_fits_is_kept_whole(tmp_path: Path, size: int) -> None:
    written = b"x" * size
    log = CappedLog(tmp_path / "log", head_bytes=100, tail_bytes=60)
    log.write(written)
    assert log.close().size_bytes == size
    assert (tmp_path / "log").read_bytes() == written
