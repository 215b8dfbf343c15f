from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from assay.observe.stacks import spy
from assay.observe.stacks.spy import Spy, spy_program
from assay.observe.stacks.tables import StackTables
from tests.observe.collectors.targets import Sink
from tests.observe.stacks.looking import functions_of, observed
from tests.observe.stacks.programs import standing

needs_spy = pytest.mark.skipif(spy_program() is None, reason="py-spy is not installed")


@needs_spy
def test_stacks_by_py_spy_come_into_the_same_tables_and_its_file_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spy, "_SEGMENT_S", 1)
    with standing(tmp_path) as process:
        pid = process.pid
        sink, seen = observed(process, tmp_path, None, lambda sink: "made" in functions_of(sink))
    assert {"made", "straße", "Shop.sell"} <= functions_of(sink)
    assert {(row[1], row[4]) for row in sink.tables["stacks"].rows} == {(pid, None)}
    assert pid in {row[2] for row in sink.tables["stacks"].rows}
    kept = tmp_path / sink.announced[0]
    assert kept.name == f"{pid}-0.json"
    assert json.loads(kept.read_bytes())
    assert seen.quality == ()


@needs_spy
def test_what_py_spy_can_not_read_is_given_up_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spy, "_PATIENCE_S", 0.5)
    with subprocess.Popen(["sleep", "30"]) as process:
        one = Spy(str(spy_program()), process.pid, StackTables(Sink(tmp_path)), lambda _: None)
        give_up_s = time.monotonic() + 30
        while not one.complaint and time.monotonic() < give_up_s:
            time.sleep(0.05)
        one.end()
        one.wait()
        process.kill()
    assert one.complaint
