from __future__ import annotations

import cProfile
from pathlib import Path
from typing import Any

import pytest

from assay.observe.collector import Unsuited
from assay.observe.functions import counts
from assay.observe.functions.counts import COLUMNS, read_counts
from tests.observe.functions.marshalled import marshalled


def _work(depth: int) -> int:
    return depth and _work(depth - 1) + len(str(depth))


def _profile(folder: Path) -> Path:
    file = folder / "profile"
    profile = cProfile.Profile()
    for _ in range(3):
        profile.runcall(_work, 4)
    profile.dump_stats(file)
    return file


def _rows(columns: dict[str, Any] | Unsuited) -> list[tuple[Any, ...]]:
    assert not isinstance(columns, Unsuited)
    assert tuple(columns) == COLUMNS
    return list(zip(*columns.values(), strict=True))


def test_counts_are_exact_and_know_recursion(tmp_path: Path) -> None:
    rows = _rows(read_counts(_profile(tmp_path)))
    line = _work.__code__.co_firstlineno
    assert (__file__, line, "_work", 15, 3, None, None, None) in rows
    assert any(row[2:4] == ("<built-in method builtins.len>", 12) and row[7] == "_work" for row in rows)


def test_the_same_counts_give_the_same_rows(tmp_path: Path) -> None:
    first = read_counts(_profile(tmp_path))
    assert first == read_counts(_profile(tmp_path))


def test_addresses_in_names_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "profile"
    name = "<built-in method __new__ of type object at 0x7f12ab>"
    file.write_bytes(marshalled(repr({("~", 0, name): (1, 1, 0.0, 0.0, {})})))
    assert _rows(read_counts(file))[0][2] == "<built-in method __new__ of type object>"


@pytest.mark.parametrize("content", [b"", b"{", marshalled("{'a': 1}"), marshalled("(lambda: 1).__code__")])
def test_what_is_no_profile_is_refused_with_the_reason(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "profile"
    file.write_bytes(content)
    refused = read_counts(file)
    assert isinstance(refused, Unsuited)
    assert "can't be read" in refused.reason


def test_an_absent_and_a_huge_profile_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = read_counts(tmp_path / "absent")
    assert isinstance(absent, Unsuited)
    assert "no profile" in absent.reason
    monkeypatch.setattr(counts, "MOST_BYTES", 10)
    huge = read_counts(_profile(tmp_path))
    assert isinstance(huge, Unsuited)
    assert "MiB" in huge.reason
