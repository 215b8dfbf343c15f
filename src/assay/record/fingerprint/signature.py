"""The statistical fingerprint: the quantiles of every timed cell, and how far two of them lie apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from assay.record.rows import Distribution, StepRow
from assay.record.run import QuantileSignature


def signatures(steps: Iterable[StepRow]) -> tuple[QuantileSignature, ...]:
    """One signature per step, layer, phase and device that was timed often enough for percentiles, sorted by cell."""
    rows = [_signature(row) for row in steps if not row.wall.has_gap()]
    return tuple(sorted(rows, key=lambda row: row.cell))


def distance(a: Sequence[QuantileSignature], b: Sequence[QuantileSignature]) -> float | None:
    """How far two runs' timing lies apart; None where they share no cell.

    Per shared cell: the mean of ``|ln(qa / qb)|`` over the median and the 90th, 95th and 99th percentile. Cells are
    weighted by the larger of their two shares of all timed time; a cell of only one run counts ``ln 2``. 0 is equal;
    0.1 means that the quantiles differ by about 10 %. It ranks likeness, and is no test: ``compare`` has the tests.
    """
    left, right = {row.cell: row for row in a}, {row.cell: row for row in b}
    if not left.keys() & right.keys():
        return None
    weights = {cell: max(_share(left, cell), _share(right, cell)) for cell in left.keys() | right.keys()}
    total = sum(weights.values())
    return sum(weight * _cell_distance(left.get(cell), right.get(cell)) for cell, weight in weights.items()) / total


def _signature(row: StepRow) -> QuantileSignature:
    cell = f"{row.phase}/{row.step}" + ("" if row.layer is None else f"/{row.layer}") + f"@{row.device}"
    return QuantileSignature(
        cell=cell, count=row.wall.count, total_ns=row.wall.total_ns, quantiles_ns=_quantiles(row.wall)
    )


def _quantiles(wall: Distribution) -> tuple[float, ...]:
    known = (wall.p50_ns, wall.p90_ns, wall.p95_ns, wall.p99_ns)
    return (float(wall.min_ns), *(value for value in known if value is not None), float(wall.max_ns))


def _share(rows: dict[str, QuantileSignature], cell: str) -> float:
    total = sum(row.total_ns for row in rows.values())
    return (rows[cell].total_ns + 1) / (total + len(rows)) if cell in rows else 0.0


def _cell_distance(a: QuantileSignature | None, b: QuantileSignature | None) -> float:
    if a is None or b is None:
        return math.log(2)
    pairs = list(zip(a.quantiles_ns[1:-1], b.quantiles_ns[1:-1], strict=True))
    return sum(abs(math.log((left + 1) / (right + 1))) for left, right in pairs) / len(pairs)
