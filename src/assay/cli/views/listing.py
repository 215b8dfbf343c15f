"""A list of runs for people: as few columns as tell the runs apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assay.cli.terminal.style import Line, Piece, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.cli.terminal.units import seconds_text
from assay.cli.views.run import STATUS_STYLES
from assay.record.enums import Status
from assay.store import RunRow

_SHORTEST_ID = 10
_COLUMNS = (
    Column(heading="CREATED (UTC)", least=16),
    Column(heading="STATUS", least=8),
    Column(heading="BACKEND", least=7),
    Column(heading="TARGET", least=10),
    Column(heading="WALL", right=True, least=8),
    Column(heading="TAGS"),
)


def listing(rows: Sequence[RunRow], width: int | None) -> list[Line]:
    """One line a run; the column of tags appears where there are any."""
    if not rows:
        return []
    columns = _COLUMNS if any(row.tags for row in rows) else _COLUMNS[:-1]
    id_column = Column(heading="ID", least=shortest_unique([row.id for row in rows]), mark="")
    cells = [_cells(row)[: len(columns) + 1] for row in rows]
    return table_lines([id_column, *columns], cells, width)


def shortest_unique(ids: Sequence[str]) -> int:
    """How many letters of the ids tell them apart."""
    ordered = sorted(ids)
    shared = [_common(a, b) for a, b in pairwise(ordered)]
    return max([_SHORTEST_ID, *(length + 1 for length in shared)])


def _common(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _cells(row: RunRow) -> list[Piece]:
    status = Styled(row.status, STATUS_STYLES[Status(row.status)])
    created = f"{row.created:%Y-%m-%d %H:%M}"
    return [row.id, created, status, row.backend, row.target, seconds_text(row.wall_s), ", ".join(row.tags)]
