from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.observe.sampling.held import HIDDEN, Budget, Held


@pytest.mark.parametrize("room", [0, 1, 9])
def test_files_are_read_anew_each_time_within_the_budget_and_beyond(tmp_path: Path, room: int) -> None:
    budget = Budget()
    budget.left = room
    held = Held(str(tmp_path), ("one", "two"), budget)
    for text in (b"first", b"second, longer", b"x"):
        for name in ("one", "two"):
            (tmp_path / name).write_bytes(text)
        assert (held.read(0), held.read(1)) == (text, text)
    assert budget.left == max(0, room - 2)
    held.close()
    assert budget.left == room


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x")
    before = len(list(Path("/proc/self/fd").iterdir()))
    held = Held(str(tmp_path), ("one", "absent"), Budget())
    held.read(0)
    held.read(1)
    held.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_is_gone_is_none_and_what_is_not_ours_is_hidden(tmp_path: Path) -> None:
    held = Held(str(tmp_path), ("absent",), Budget())
    assert held.read(0) is None
    hidden = Held("/proc/1", ("mem",), Budget())
    if os.geteuid():
        assert hidden.read(0) == HIDDEN
        assert hidden.read(0) == HIDDEN
