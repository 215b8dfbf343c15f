from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from assay.errors import PlanError
from assay.measure import attach_to
from assay.measure.existing import Existing
from assay.measure.target.command import limit_options, plan_attaching
from assay.measure.target.ladder import Limits
from assay.observe.tree.proc import children_of, words_of
from assay.record.base import Missing
from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import LIFE_FILE
from assay.record.enums import Status, TargetKind
from assay.store import StoredRun, open_store
from tests.makers import make_environment


def _attached(tmp_path: Path, pid: int, limits: Limits) -> StoredRun:
    plan = plan_attaching(pid, options=limit_options(limits))
    return attach_to(pid, plan, open_store(tmp_path / "store"), environment=make_environment())


def test_a_running_process_is_observed_and_goes_on(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"])
    while not words_of(process.pid):  # it is only just being loaded
        time.sleep(0.01)
    run = _attached(tmp_path, process.pid, Limits(duration_s=0.5, warmup_s=0.2))
    assert process.poll() is None
    record = run.record
    assert (record.status, record.outcome.exit_code) == (Status.COMPLETE, None)
    assert "goes on" in record.outcome.note
    assert record.plan.target.kind is TargetKind.ATTACHED
    assert record.plan.target.argv == ("sleep", "60")
    assert {option.name: option.value for option in record.plan.options} == {
        "profile.duration_s": 0.5, "profile.pid": process.pid, "profile.warmup_s": 0.2,
    }  # fmt: skip
    spans = {span["step"]: span["wall_ns"] for span in run.spans().to_pylist()}
    assert spans["warmup"] == 200_000_000
    assert spans["run"] >= 500_000_000
    lives = [msgspec.json.decode(line, type=Life) for line in run.file(LIFE_FILE).read_bytes().splitlines()]
    assert lives[0].pid == process.pid
    assert isinstance(run.metrics["cpu_s"], Missing)
    process.kill()
    process.wait()


def test_its_end_ends_the_observation(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(0.5)"])
    run = _attached(tmp_path, process.pid, Limits())
    assert run.record.status is Status.COMPLETE
    assert run.record.outcome.note == "the process ended while it was observed"
    assert process.wait() == 0


def test_processes_that_others_orphan_meanwhile_are_not_adopted(tmp_path: Path) -> None:
    process = subprocess.Popen(["sh", "-c", "sleep 0.3; (setsid sleep 2 &); sleep 60"])
    before = set(children_of(os.getpid()))
    _attached(tmp_path, process.pid, Limits(duration_s=0.8))
    assert set(children_of(os.getpid())) <= before
    process.kill()
    process.wait()


@pytest.mark.parametrize("pid", [2**40, 2**22 + 1, 0])
def test_what_can_not_be_observed_is_refused(pid: int) -> None:
    with pytest.raises(PlanError) as caught:
        Existing(pid or os.getpid())
    assert caught.value.remedy
