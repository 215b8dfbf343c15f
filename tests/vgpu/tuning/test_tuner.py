from __future__ import annotations

from pathlib import Path

import pytest

import assay.vgpu as vg
from assay.vgpu.runtime.native import native
from assay.vgpu.tuning import RULES, Choice, Shape, described, read, tune
from tests.vgpu.tuning.simulated import Simulated

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")

LARGE = Shape(dtype="fp32", m=2000, n=2000, k=2000)
SMALL = Shape(dtype="int8", m=500, n=500, k=500)


def machine(*, others: float | None = 0.0, block_rows: int = 84) -> Simulated:
    return Simulated(lambda _, choice: 0.009 if choice.block_rows == block_rows else 0.01, others=others)


def test_each_verdict_is_kept_before_the_next_shape_the_quickest_first(tmp_path: Path) -> None:
    path = tmp_path / "tuned"
    begun: list[Shape] = []
    verdicts = tune([LARGE, SMALL], path=path, budget_s=100, stopwatch=machine(), before_each=begun.append)
    assert next(verdicts).shape == SMALL
    assert [(each.dtype, each.choice, each.workers) for each in described(read(path))] == [
        ("int8", Choice(block_rows=84), native.workers())
    ]
    assert "500x500x500: 1.111 times as fast" in described(read(path))[0].remark
    assert [verdict.shape for verdict in verdicts] == [LARGE]
    assert begun == [SMALL, LARGE]
    assert len(read(path).classes) == 2


def test_what_was_kept_is_replaced_by_what_wins_now(tmp_path: Path) -> None:
    path = tmp_path / "tuned"
    for block_rows in (84, 252):
        list(tune([LARGE], path=path, budget_s=100, stopwatch=machine(block_rows=block_rows)))
        assert [each.choice.block_rows for each in described(read(path))] == [block_rows]
    list(tune([LARGE], path=path, budget_s=100, stopwatch=machine(block_rows=-1)))
    assert not read(path).classes


def test_beside_other_programs_nothing_counts_unless_it_shall(tmp_path: Path) -> None:
    path = tmp_path / "tuned"
    list(tune([LARGE], path=path, budget_s=100, stopwatch=machine()))
    (verdict,) = tune([LARGE], path=path, budget_s=100, stopwatch=machine(others=0.5, block_rows=252))
    assert (verdict.choice, verdict.counts) == (RULES, False)
    assert "other programs used 50%" in verdict.reason
    assert [each.choice.block_rows for each in described(read(path))] == [84]
    (verdict,) = tune([LARGE], path=path, budget_s=100, stopwatch=machine(others=0.5, block_rows=252), busy=True)
    assert verdict.counts
    assert [each.choice.block_rows for each in described(read(path))] == [252]
    (verdict,) = tune([LARGE], budget_s=100, stopwatch=machine(others=None))
    assert verdict.choice.block_rows == 84


def test_without_time_what_was_kept_stays(tmp_path: Path) -> None:
    path = tmp_path / "tuned"
    list(tune([LARGE], path=path, budget_s=100, stopwatch=machine()))
    (verdict,) = tune([LARGE], path=path, budget_s=0.01, stopwatch=machine())
    assert not verdict.counts
    assert len(read(path).classes) == 1


def test_a_dry_run_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_TUNING", str(tmp_path / "tuned"))
    (verdict,) = tune([LARGE], budget_s=100, stopwatch=machine())
    assert verdict.is_better
    assert not list(tmp_path.iterdir())
