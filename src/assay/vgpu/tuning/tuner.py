"""Tuning a list of shapes within a budget, and keeping what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assay.vgpu.runtime.native import native
from assay.vgpu.tuning.kept import Classes, merge, read
from assay.vgpu.tuning.rows import Row, choice_in, key_of, rows_of, set_rows
from assay.vgpu.tuning.search import Task, tune_shape
from assay.vgpu.tuning.stopwatch import MachineStopwatch, Stopwatch
from assay.vgpu.tuning.types import RULES, Choice, Shape, Verdict

MOST_BY_OTHERS = 0.1
"""Share of the processors that other programs may use while a verdict is made."""


def tune(
    shapes: Sequence[Shape],
    *,
    budget_s: float = 30.0,
    path: Path | None = None,
    stopwatch: Stopwatch | None = None,
    busy: bool = False,
    before_each: Callable[[Shape], None] = lambda _shape: None,
) -> Iterator[Verdict]:
    """Tune each shape, the quickest first, and yield its verdict once it is kept in ``path``.

    What is kept holds in this process as well; without ``path`` nothing is kept. What was found while other programs
    used the machine holds for such a machine only, and doesn't count unless ``busy`` says so. ``stopwatch`` stands in
    for this machine. Shapes of one class replace each other's choice: name one of a class.
    """
    workers = native.workers()
    watch = stopwatch or MachineStopwatch(workers)
    end_s = watch.now_s() + budget_s
    queue = sorted(shapes, key=lambda shape: shape.operations)
    try:
        for index, shape in enumerate(queue):
            before_each(shape)
            task = Task(
                shape=shape,
                workers=workers,
                stopwatch=watch,
                budget_s=(end_s - watch.now_s()) / (len(queue) - index),
                earlier=_earlier(shape, workers, read(path).classes if path else {}),
                seed=index,
            )
            verdict = tune_shape(task)
            if not busy:
                verdict = _if_quiet(verdict, watch.others_share())
            if path is not None and verdict.counts:
                merge(path, _changes(verdict))
            yield verdict
    finally:
        set_rows([row for row, _ in _holding(path).values()])


def _if_quiet(verdict: Verdict, others: float | None) -> Verdict:
    """The verdict, if this machine was quiet enough for one."""
    if others is None or others <= MOST_BY_OTHERS:
        return verdict
    reason = f"other programs used {others:.0%} of the processors meanwhile"
    return replace(verdict, choice=RULES, reason=reason, counts=False)


def _earlier(shape: Shape, workers: int, classes: Classes) -> Choice:
    here, anywhere = (
        choice_in(classes[key][0]) if key in classes else RULES for key in (key_of(shape, workers), key_of(shape, 0))
    )
    return replace(here, k_bytes=anywhere.k_bytes)


def _changes(verdict: Verdict) -> Mapping[Row, tuple[Row, str] | None]:
    """Both classes of a shape: what holds for this number of workers, and for any."""
    keys = (key_of(verdict.shape, verdict.workers), key_of(verdict.shape, 0))
    remark = f"{verdict.shape.text}: {verdict.gain or 1.0:.3f} times as fast, {datetime.now(UTC):%Y-%m-%d}"
    rows = {
        key_row[: len(keys[0])]: (key_row, remark)
        for key_row in rows_of(verdict.shape, verdict.workers, verdict.choice)
    }
    return {key: rows.get(key) for key in keys}


def _holding(path: Path | None) -> Classes:
    """What shall hold in this process."""
    used = path or (Path(native.gemm_tuning_path()) if native.gemm_tuning_path() else None)
    return read(used).classes if used else {}
