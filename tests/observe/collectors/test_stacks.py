from __future__ import annotations

from pathlib import Path

from assay.observe.collector import Ended
from assay.observe.collectors import stacks
from tests.observe.collectors.targets import Sink, started


def test_a_target_that_is_no_python_gives_no_rows_and_no_complaint(tmp_path: Path) -> None:
    sink = Sink(tmp_path)
    observer = stacks.PLUGIN.attach(started(1), sink)
    observer.look(5)
    assert observer.finish(Ended(start_ns=0, end_ns=9, wait_status=0, usage=None)).quality == ()
    assert all(not table.rows for table in sink.tables.values())


def test_it_is_attached_by_default() -> None:
    assert stacks.PLUGIN.description.default
