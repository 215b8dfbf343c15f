"""The roofline of a stored run: its rows, and the ceilings that were kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from assay.record.base import Missing, Quantity
from assay.record.ceilings import CEILINGS_FILE, Ceilings
from assay.record.documents.inference.roofline import Roofline, RooflineCeiling, RooflinePoint
from assay.record.rows import Counters
from assay.record.run import Run
from assay.store import StoredRun

MOST_POINTS = 60


def roofline(stored: StoredRun) -> Roofline | None:
    """What computed in the run, under its machine's ceilings; None where none were kept, or nothing was counted."""
    if not any(artifact.file == CEILINGS_FILE for artifact in stored.record.artifacts):
        return None
    try:
        ceilings = msgspec.json.decode(stored.file(CEILINGS_FILE).read_bytes(), type=Ceilings)
    except (OSError, msgspec.MsgspecError):
        return None
    return drawn(stored.record, ceilings)


def drawn(run: Run, ceilings: Ceilings) -> Roofline | None:
    """The same of a record."""
    works = list(_works(run))
    total_ns = sum(work.self_ns for work in works)
    points = [point for work in works if (point := work.point(total_ns)) is not None]
    if not points:
        return None
    points.sort(key=lambda point: -point.share)
    threads = _threads(run) or ceilings.workers
    return Roofline(
        points=tuple(points[:MOST_POINTS]),
        peaks=_best((p.dtype, p.operations_per_s or 0.0) for p in ceilings.peaks if p.threads <= threads),
        bandwidths=_best(
            (b.level, b.bytes_per_s) for b in ceilings.bandwidths if b.threads <= threads and b.kind == "read"
        ),
        left_out_share=1.0 - sum(point.share for point in points),
    )


@dataclass
class _Work:
    name: str
    self_ns: int
    flops: float | None
    moved: float | None

    def point(self, total_ns: int) -> RooflinePoint | None:
        if not self.flops or not self.moved or not self.self_ns:
            return None
        return RooflinePoint(
            name=self.name,
            intensity_flop_per_byte=self.flops / self.moved,
            flops_per_s=self.flops / self.self_ns * 1e9,
            share=self.self_ns / total_ns,
        )


def _works(run: Run) -> Iterator[_Work]:
    for row in run.ops:
        self_ns = row.wall.total_ns if row.self_ns is None else row.self_ns
        yield _Work(row.name, self_ns, *_counted(row.counters))
    merged: dict[str, _Work] = {}
    for step in run.steps:
        name = step.step if step.phase.value == "none" else f"{step.step} in {step.phase.value}"
        flops, moved = _counted(step.counters)
        work = merged.setdefault(name, _Work(name, 0, 0.0, 0.0))
        work.self_ns += step.wall.total_ns
        work.flops = None if flops is None or work.flops is None else work.flops + flops
        work.moved = None if moved is None or work.moved is None else work.moved + moved
    yield from merged.values()


def _counted(counters: Counters) -> tuple[float | None, float | None]:
    read, written = _value(counters.read_bytes), _value(counters.written_bytes)
    flops, intensity = _value(counters.flops), _value(counters.intensity_flop_per_byte)
    moved = read + written if read is not None and written is not None else None
    if moved is None and flops and intensity:
        moved = flops / intensity
    return flops, moved


def _value(quantity: Quantity) -> float | None:
    return None if isinstance(quantity, Missing) else quantity.value


def _threads(run: Run) -> int | None:
    found = [option.value for option in run.plan.options if option.name == "infer.threads"]
    return int(found[0]) if found and isinstance(found[0], int | float) else None


def _best(values: Iterable[tuple[str, float]]) -> tuple[RooflineCeiling, ...]:
    best: dict[str, float] = {}
    for label, per_s in values:
        best[label] = max(per_s, best.get(label, 0.0))
    return tuple(RooflineCeiling(label=label, per_s=per_s) for label, per_s in best.items() if per_s > 0)
