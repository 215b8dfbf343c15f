from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay.observe.collectors import perf
from tests.observe.collectors.targets import Sink, started, waited_for


@pytest.mark.skipif(perf.PLUGIN.obstacle() is not None, reason=str(perf.PLUGIN.obstacle()))
def test_samples_of_the_processor_come_into_the_table_and_the_raw_file_stays(tmp_path: Path) -> None:
    sink = Sink(tmp_path)
    program = (
        "import sys, time\nsys.stdin.readline()\nend = time.process_time() + 0.5\nwhile time.process_time() < end: 0\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    observer = perf.PLUGIN.attach(started(process.pid), sink)
    assert process.stdin is not None
    process.stdin.close()
    seen = observer.finish(waited_for(process))
    rows = sink.tables["native"].rows
    if seen.quality:
        pytest.skip(seen.quality[0].message)
    assert 20 <= len(rows) <= 220
    assert {row[1] for row in rows} == {process.pid}
    assert all(int(str(row[0])) <= time.perf_counter_ns() for row in rows)
    assert (tmp_path / "raw/perf/perf.data").stat().st_size > 0
