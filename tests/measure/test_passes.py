from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

from assay.measure import Command, plan_command, run_command
from assay.measure.streams.routes import Streams
from assay.record.diagnosis.raw import FILES
from assay.store import StoredRun, open_store
from tests.makers import make_environment

COUNTED = "def work(): return 1\nprint(sum(work() for _ in range(40)))\n"
COLLECTORS = ("rusage", "cprofile")


def _measured(folder: Path, program: str, streams: Streams = Streams.RECORDED) -> StoredRun:
    script = folder / "program.py"
    script.write_text(program)
    command = Command(argv=(sys.executable, str(script)), cwd=folder, streams=streams)
    plan = plan_command(command, collectors=COLLECTORS, timeout_s=60.0)
    return run_command(plan, open_store(folder / "store"), command=command, environment=make_environment())


def _flags(run: StoredRun) -> dict[str, str]:
    return {flag.id: flag.message for flag in run.record.quality if "pass" in flag.id}


def _calls(run: StoredRun, function: str) -> int:
    table = pa.ipc.open_stream(run.file(FILES["functions"][0]).read_bytes()).read_all()
    return next(int(row["calls"]) for row in table.to_pylist() if row["function"] == function and row["caller"] is None)


def test_calls_are_counted_in_a_second_run_that_did_the_same(tmp_path: Path) -> None:
    run = _measured(tmp_path, COUNTED)
    assert _flags(run) == {}
    assert _calls(run, "work") == 40
    assert run.file("stdout.log").read_bytes() == b"40\n"


def test_a_run_whose_output_stays_with_its_caller_is_not_repeated_since_nothing_could_be_compared(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = _measured(tmp_path, COUNTED, Streams.UNTOUCHED)
    assert capfd.readouterr().out == "40\n"
    assert "was not kept" in _flags(run)["no_pass_cprofile"]


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import os\nprint(os.getpid())", "wrote something else"),
        ("raise SystemExit(3)  # which cProfile turns into 0", "not the same"),
        ("import os\nos._exit(0)", "no profile"),
    ],
)
def test_a_run_that_can_not_be_repeated_keeps_no_counts(program: str, reason: str, tmp_path: Path) -> None:
    run = _measured(tmp_path, program)
    assert reason in _flags(run)["no_pass_cprofile"]
    assert FILES["functions"][0] not in {artifact.file for artifact in run.record.artifacts}


def test_what_is_no_python_is_run_once(tmp_path: Path) -> None:
    command = Command(argv=("sh", "-c", "echo x >> seen"), cwd=tmp_path)
    plan = plan_command(command, collectors=COLLECTORS)
    run = run_command(plan, open_store(tmp_path / "store"), command=command, environment=make_environment())
    assert (tmp_path / "seen").read_text() == "x\n"
    assert "not started by a Python" in _flags(run)["no_pass_cprofile"]
