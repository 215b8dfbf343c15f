from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from assay.observe.collector import Ended
from assay.observe.stacks import observer
from assay.observe.stacks.observer import PERIOD_NS, StacksObserver, reading_obstacle
from assay.observe.stacks.sampler import StackSampler, core_obstacle
from assay.record.diagnosis.life import Life
from tests.observe.collectors.targets import Sink
from tests.observe.stacks.looking import functions_of, observed
from tests.observe.stacks.programs import standing

needs_core = pytest.mark.skipif(core_obstacle() is not None, reason=str(core_obstacle()))


@needs_core
def test_stacks_of_a_python_process_come_into_the_tables_while_it_runs(tmp_path: Path) -> None:
    with standing(tmp_path) as process:
        sink, seen = observed(process, tmp_path, StackSampler(PERIOD_NS), lambda sink: "made" in functions_of(sink))
    assert {"made", "straße", "Shop.sell"} <= functions_of(sink)
    frames = len(sink.tables["frames"].rows)
    assert all(-1 <= int(str(row[3])) < frames for row in sink.tables["stacks"].rows)
    assert seen.quality == ()


@needs_core
def test_a_program_that_replaces_itself_is_read_on(tmp_path: Path) -> None:
    again = "import os, sys, time\ndef later():\n    print('ready', flush=True); time.sleep(60)\n"
    again += "if len(sys.argv) > 1: later()\nprint('ready', flush=True)\ntime.sleep(0.3)\n"
    again += "os.execv(sys.executable, [sys.executable, __file__, 'again'])\n"
    with standing(tmp_path, again) as process:
        sink, _ = observed(process, tmp_path, StackSampler(PERIOD_NS), lambda sink: "later" in functions_of(sink))
    assert "later" in functions_of(sink)


def _finished(life: Life, *, wait_ns: int) -> tuple[str, ...]:
    """What an observer without the native reader says of a process after a while."""
    alone = StacksObserver("stacks", Sink(Path()), None)
    alone.seen(life)
    alone.look(life.time_ns + wait_ns)
    ended = Ended(start_ns=0, end_ns=life.time_ns, wait_status=0, usage=None)
    return tuple(flag.message for flag in alone.finish(ended).quality)


def test_what_is_no_python_is_passed_over_in_silence() -> None:
    with subprocess.Popen(["sleep", "30"]) as process:
        life = Life(time_ns=time.perf_counter_ns(), event="seen", pid=process.pid)
        said = _finished(life, wait_ns=10_000_000_000)
        process.kill()
    assert said == ()


def test_a_python_that_can_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observer, "spy_program", lambda: None)
    with subprocess.Popen(["sleep", "30"]) as process:
        life = Life(time_ns=time.perf_counter_ns(), event="seen", pid=process.pid, python="3.30")
        said = _finished(life, wait_ns=10_000_000_000)
        process.kill()
    assert len(said) == 1
    assert "py-spy is not installed" in said[0]


def test_either_way_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observer, "core_obstacle", lambda: "no core")
    monkeypatch.setattr(observer, "spy_program", lambda: "/usr/bin/py-spy")
    assert reading_obstacle() is None
    monkeypatch.setattr(observer, "spy_program", lambda: None)
    assert reading_obstacle() == "no core, or install py-spy"
