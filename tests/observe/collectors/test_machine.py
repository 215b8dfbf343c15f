from __future__ import annotations

import subprocess
from pathlib import Path

from assay.observe.collectors.machine import PLUGIN
from tests.observe.collectors.targets import Sink, started, waited_for


def test_even_a_short_run_has_two_readings_of_everything(tmp_path: Path) -> None:
    sink = Sink(tmp_path)
    process = subprocess.Popen(["true"])
    observer = PLUGIN.attach(started(process.pid), sink)
    observer.look(5)
    observer.look(6)
    assert observer.finish(waited_for(process)).metrics == ()
    rows = sink.tables["machine"].rows
    times = sorted({row[0] for row in rows}, key=str)
    assert len(times) == 2
    assert len([row for row in rows if row[1] == "forks"]) == 2
