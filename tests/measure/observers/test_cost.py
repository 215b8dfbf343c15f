from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from assay.measure.observers.cost import COST_FILE, Meter
from assay.observe.collector import Ended
from tests.measure.launching import launch, python
from tests.observe.collectors.targets import usage_of

BUSY = [sys.executable, "-I", "-S", "-c", "import time\nwhile time.process_time() < 0.2: pass"]


def test_the_target_s_own_time_is_no_cost() -> None:
    meter = Meter()
    meter.begin()
    subprocess.run(BUSY, check=True)
    subprocess.run(BUSY, check=True)
    ended = Ended(start_ns=0, end_ns=2_000_000_000, wait_status=0, usage=usage_of(ru_utime=0.2, ru_stime=0.01))
    cost = meter.read(ended)
    assert cost.tools_s is not None
    assert 0.15 < cost.tools_s < 0.8
    assert cost.observed_s == 2.0


def test_what_we_compute_before_the_gate_opens_is_no_cost() -> None:
    meter = Meter()
    until_s = time.process_time() + 0.2
    while time.process_time() < until_s:
        pass
    meter.begin()
    cost = meter.read(Ended(start_ns=0, end_ns=1, wait_status=None, usage=None))
    assert cost.own_s < 0.15
    assert cost.tools_s is None


def test_children_of_others_that_live_on_change_nothing() -> None:
    with subprocess.Popen([*BUSY[:-1], f"{BUSY[-1]}\nprint(flush=True)\ninput()"], stdin=-1, stdout=-1) as other:
        assert other.stdout is not None
        other.stdout.read(1)
        meter = Meter()
        meter.begin()
        subprocess.run(BUSY, check=True)
        cost = meter.read(Ended(start_ns=0, end_ns=1, wait_status=0, usage=usage_of(ru_utime=0.0, ru_stime=0.0)))
        other.communicate(b"\n")
    assert cost.tools_s is not None
    assert cost.tools_s > 0.15


def test_what_tools_compute_before_the_gate_opens_is_no_cost() -> None:
    meter = Meter()
    with subprocess.Popen([*BUSY[:-1], f"{BUSY[-1]}\nprint(flush=True)\ninput()"], stdin=-1, stdout=-1) as tool:
        assert tool.stdout is not None
        tool.stdout.read(1)
        meter.begin()
        tool.communicate(b"\n")
    ended = Ended(start_ns=0, end_ns=1, wait_status=0, usage=usage_of(ru_utime=0.0, ru_stime=0.0))
    cost = meter.read(ended)
    assert cost.tools_s is not None
    assert cost.tools_s < 0.15


def test_a_run_says_what_observing_it_cost(tmp_path: Path) -> None:
    run = launch(tmp_path, python("import time; time.sleep(0.4)"), collectors=("rusage", "process"))
    cost = json.loads(run.file(COST_FILE).read_bytes())
    assert cost["own_s"] > 0.0
    assert cost["tools_s"] >= 0.0
    assert cost["observed_s"] >= 0.4
