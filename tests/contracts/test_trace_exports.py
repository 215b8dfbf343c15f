"""What every export of a trace keeps, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.record.trace.lines import TraceClock
from assay.report.tracing.export import EXPORTS, TraceExport, nested, trace_export_for
from assay.trace.reading import open_trace
from tests.trace.makers import decoded, event, write

NAMES = EXPORTS.names()
CLOCK = TraceClock(start_ns=0, utc_ns=1_700_000_000_000_000_000)


def rendered(tmp_path: Path, name: str, events: list[dict[str, object]]) -> bytes:
    path = write(tmp_path / "t.jsonl", events, clock=CLOCK, session="s", model="m\u202e")
    return b"".join(EXPORTS.load(name).render(nested(open_trace(path), "t")))


@pytest.mark.parametrize("name", NAMES)
def test_an_export_names_itself_its_reader_and_endings_of_its_own(name: str) -> None:
    export: TraceExport = EXPORTS.load(name)
    assert export.name == name
    assert export.reader
    others = {ending for one in NAMES if one != name for ending in EXPORTS.load(one).suffixes}
    assert export.suffixes
    assert not set(export.suffixes) & others
    assert trace_export_for(f"some.thing{export.suffixes[0]}") is export


@pytest.mark.parametrize("name", NAMES)
def test_the_same_trace_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    assert rendered(tmp_path, name, decoded()) == rendered(tmp_path, name, decoded())


@pytest.mark.parametrize("name", NAMES)
def test_no_control_character_of_a_name_comes_through(tmp_path: Path, name: str) -> None:
    text = rendered(tmp_path, name, [event("FFN\u202e\u0085</script>", 0, 5)]).decode()
    assert not {"\x1b", "\u202e", "\u0085"} & set(text)


@pytest.mark.parametrize("name", NAMES)
def test_a_trace_without_events_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no events"):
        rendered(tmp_path, name, [])
