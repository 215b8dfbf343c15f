from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from assay.cli.terminal.style import paint
from assay.cli.terminal.width import text_width
from assay.cli.views.listing import listing, shortest_unique
from assay.store import RunRow
from tests.makers import HASH

ROW = RunRow(
    id="01JCZX5T00ABCDEFGHJKMNPQRS",
    created=datetime(2024, 11, 19, 12, 5, tzinfo=UTC),
    status="complete",
    target="a target with a rather long name that does not fit",
    kind="command",
    backend="command",
    precision="unspecified",
    model=None,
    workload="short",
    campaign=None,
    experiment=None,
    side=None,
    session=None,
    exit_code=0,
    wall_s=1.25,
    throughput_tokens_per_s=None,
    energy_j=None,
    energy_origin=None,
    quality=None,
    size_bytes=10,
    workload_sha256=HASH,
    configuration_sha256=HASH,
    machine_sha256=HASH,
)
OTHER = msgspec.structs.replace(ROW, id="01JCZX5T01ABCDEFGHJKMNPQRS", status="timed_out", wall_s=None)


def lines(*rows: RunRow, width: int | None = None) -> list[str]:
    return [paint(line, color=False) for line in listing(rows, width)]


def test_a_run_is_one_line() -> None:
    assert lines(ROW)[1].split("  ") == [
        ROW.id,
        "2024-11-19 12:05",
        "complete",
        "command",
        ROW.target,
        "1.25 s",
    ]


def test_it_fits_eighty_columns_and_ids_still_name_their_runs() -> None:
    shown = lines(ROW, OTHER, width=80)
    assert max(map(text_width, shown)) <= 80
    first, second = (line.split()[0] for line in shown[1:])
    assert ROW.id.startswith(first)
    assert OTHER.id.startswith(second)
    assert first != second


def test_tags_have_a_column_where_there_are_any() -> None:
    assert "TAGS" not in lines(ROW)[0]
    tagged = msgspec.structs.replace(ROW, tags=("base", "good"))
    assert lines(OTHER, tagged)[2].endswith("base, good")


def test_no_runs_are_no_lines() -> None:
    assert lines() == []


def test_ids_are_cut_to_what_tells_them_apart() -> None:
    assert shortest_unique([ROW.id]) == 10
    assert shortest_unique([ROW.id, ROW.id[:-1] + "Z"]) == 26
