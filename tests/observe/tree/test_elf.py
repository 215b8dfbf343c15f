from __future__ import annotations

import mmap
import random
import struct
from pathlib import Path

import pytest

from assay.observe.tree.elf import Elf

LIBRARIES = [path for folder in ("x86_64-linux-gnu", "../lib64") for path in Path("/lib", folder).glob("libc.so.6")]


def _elf(path: Path) -> Elf:
    with path.open("rb") as file:
        return Elf(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


@pytest.mark.skipif(not LIBRARIES, reason="the C library lies elsewhere")
def test_exported_symbols_are_found_and_others_are_not() -> None:
    library = _elf(LIBRARIES[0])
    assert library.symbol(b"malloc")
    assert library.symbol(b"no_such_symbol_at_all") is None
    assert library.bytes_at(1 << 60, 4) == b""


def test_what_is_no_elf_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "script").write_bytes(b"#!/bin/sh\n" * 100)
    with pytest.raises(ValueError, match="no ELF"):
        _elf(tmp_path / "script")


def _outcome(path: Path) -> str:
    """What asking a file for a symbol came to; an error that callers do not expect comes through."""
    try:
        return "absent" if _elf(path).symbol(b"malloc") is None else "found"
    except (ValueError, struct.error):
        return "refused"


@pytest.mark.skipif(not LIBRARIES, reason="the C library lies elsewhere")
def test_a_damaged_file_is_refused_or_lacks_the_symbol_and_nothing_worse(tmp_path: Path) -> None:
    whole = LIBRARIES[0].read_bytes()[:40_000]
    source = random.Random(5)
    outcomes = set()
    for attempt in range(60):
        damaged = bytearray(whole)
        for _ in range(20):
            damaged[source.randrange(6, 400)] = source.randrange(256)
        path = tmp_path / f"damaged-{attempt}"
        path.write_bytes(damaged)
        outcomes.add(_outcome(path))
    assert outcomes <= {"absent", "refused"}
