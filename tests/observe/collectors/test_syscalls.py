from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.collector import Ended
from assay.observe.collectors import syscalls
from tests.observe.collectors.targets import Sink, started


def test_it_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "counters_obstacle", lambda: "tracepoints are for root here")
    wanted = "tracepoints are for root here; or repeat the command, counted by strace, with --passes 2"
    assert syscalls.PLUGIN.obstacle() == wanted


@pytest.mark.skipif(syscalls.PLUGIN.obstacle() is not None, reason=str(syscalls.PLUGIN.obstacle()))
def test_a_target_that_is_gone_leaves_a_word_and_no_rows(tmp_path: Path) -> None:
    sink = Sink(tmp_path)
    observer = syscalls.PLUGIN.attach(started(2**22 + 1), sink)
    observer.look(5)
    seen = observer.finish(Ended(start_ns=0, end_ns=9, wait_status=0, usage=None))
    assert [flag.id for flag in seen.quality] == ["syscalls_late"]
    assert sink.tables["calls"].rows == []
