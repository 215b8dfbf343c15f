from __future__ import annotations

from pathlib import Path

import pytest

from bench.harness import Pair, Side
from bench.parts import Parts


def _pairs(calls: list[str], name: str = "p") -> list[Pair]:
    def work() -> float:
        calls.append(name)
        return float(len(calls))

    return [Pair(name, Side("ours", work), Side("peer", work))]


def test_a_part_goes_on_where_the_one_before_ended(tmp_path: Path) -> None:
    calls: list[str] = []
    (brief,) = Parts(tmp_path, seconds=0).measure(_pairs(calls), blocks=4, seed=0)
    with Parts(tmp_path, seconds=0).lasting() as folder:
        assert folder.is_dir()
    (first,) = Parts(tmp_path, seconds=60).measure(_pairs(calls), blocks=2, seed=0)
    (second,) = Parts(tmp_path, seconds=60).measure(_pairs(calls), blocks=4, seed=0)
    assert [len(one.ours) for one in (brief, first, second)] == [1, 2, 4]
    assert second.ours[:2] == first.ours
    assert len(calls) == 3 * 2 + 4 * 2


def test_blocks_of_other_pairs_are_not_counted(tmp_path: Path) -> None:
    Parts(tmp_path, seconds=60).measure(_pairs([]), blocks=1, seed=0)
    with pytest.raises(SystemExit, match="of other pairs"):
        Parts(tmp_path, seconds=60).measure(_pairs([], "q"), blocks=1, seed=0)
