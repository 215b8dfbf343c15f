from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from assay.errors import PlanError
from assay.measure import Command, plan_command, run_command
from assay.record.base import Derived, Measured
from assay.record.enums import Status
from assay.store import open_store
from tests.makers import make_environment
from tests.measure.launching import launch, python


def test_a_run_keeps_output_numbers_span_and_time_base(tmp_path: Path) -> None:
    run = launch(tmp_path, python("import sys; print('out'); print('err', file=sys.stderr)"))
    record = run.record
    assert record.status is Status.COMPLETE
    assert record.outcome.exit_code == 0
    assert record.outcome.stdout_bytes == 4
    assert record.outcome.stdout_sha256 == hashlib.sha256(b"out\n").hexdigest()
    assert run.file("stdout.log").read_bytes() == b"out\n"
    assert run.file("stderr.log").read_bytes() == b"err\n"
    wall = run.metrics["wall_s"]
    assert isinstance(wall, Measured)
    assert wall.by == "launcher:CLOCK_MONOTONIC"
    spans = run.spans().to_pylist()
    assert [(span["step"], span["wall_ns"]) for span in spans] == [("run", round(wall.value * 1e9))]
    assert record.clock.start_ns <= spans[0]["start_ns"]
    assert spans[0]["start_ns"] + spans[0]["wall_ns"] <= record.clock.end_ns
    monotonic_ns = record.clock.end_ns - record.clock.start_ns
    assert abs((record.clock.end_utc_ns - record.clock.start_utc_ns) - monotonic_ns) < 10_000_000
    assert list(run.problems()) == []


def test_processor_time_is_counted_by_the_kernel_and_belongs_to_the_device(tmp_path: Path) -> None:
    run = launch(tmp_path, python("sum(i * i for i in range(1_500_000))"))
    cpu, wall = run.metrics["cpu_s"], run.metrics["wall_s"]
    assert isinstance(cpu, Measured)
    assert isinstance(wall, Measured)
    assert 0.02 < cpu.value <= wall.value * 1.05
    assert run.record.devices[0].busy_s == cpu
    cores = run.metrics["cpu_utilisation_cores"]
    assert isinstance(cores, Derived)
    assert cores.value == pytest.approx(cpu.value / wall.value, rel=1e-6)


def test_a_sleeping_target_waits_and_does_not_compute(tmp_path: Path) -> None:
    run = launch(tmp_path, python("import time; time.sleep(0.3)"))
    cpu, wall = run.metrics["cpu_s"], run.metrics["wall_s"]
    assert isinstance(cpu, Measured)
    assert isinstance(wall, Measured)
    assert wall.value >= 0.3
    assert cpu.value < 0.2


def test_peak_memory_is_the_targets_even_where_the_launcher_is_larger(tmp_path: Path) -> None:
    ballast = bytearray(os.urandom(1 << 20) * 120)
    run = launch(tmp_path, python("x = bytearray(b'1') * (40 << 20)"))
    peak = run.metrics["peak_rss_bytes"]
    assert len(ballast) == 120 << 20
    assert isinstance(peak, Measured)
    assert peak.by == "rusage"
    assert 40 << 20 < peak.value < 70 << 20


def test_the_memory_of_a_tiny_target_is_never_its_starters(tmp_path: Path) -> None:
    peak = launch(tmp_path, ("sleep", "0.2")).metrics["peak_rss_bytes"]
    assert isinstance(peak, Measured)
    assert peak.by == "process:VmHWM"
    assert peak.value < 8 << 20


@pytest.mark.parametrize(
    ("code", "exit_code", "number", "reason"),
    [
        ("raise SystemExit(3)", 3, None, "exit status 3"),
        ("import os; os.kill(os.getpid(), 15)", None, 15, "ended by signal 15 (SIGTERM)"),
        ("import os; os.kill(os.getpid(), 40)", None, 40, "ended by signal 40 (real-time)"),
    ],
)
def test_a_target_that_fails_is_kept_with_its_reason(
    tmp_path: Path, code: str, exit_code: int | None, number: int | None, reason: str
) -> None:
    record = launch(tmp_path, python(code)).record
    assert (record.status, record.status_reason) == (Status.FAILED, reason)
    assert (record.outcome.exit_code, record.outcome.signal) == (exit_code, number)


def test_a_target_over_its_time_is_ended_with_all_it_started(tmp_path: Path) -> None:
    stubborn = (
        "import os, signal, subprocess, sys, time; signal.signal(signal.SIGINT, signal.SIG_DFL); "
        "p = subprocess.Popen(['sleep', '60']); open('pid', 'w').write(str(p.pid)); time.sleep(60)"
    )
    record = launch(tmp_path, (sys.executable, "-c", stubborn), timeout_s=1.0).record
    assert record.status is Status.TIMED_OUT
    assert record.status_reason == "stopped after the time limit of 1 s"
    assert record.outcome.signal == signal.SIGINT
    assert _is_gone(int((tmp_path / "pid").read_text()))


def test_a_request_to_stop_seals_what_there_is_as_interrupted(tmp_path: Path) -> None:
    def ask() -> None:
        while not (tmp_path / "ready").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    handler = signal.getsignal(signal.SIGINT)
    asker = threading.Thread(target=ask)
    asker.start()
    run = launch(tmp_path, python("import time; open('ready', 'w').close(); time.sleep(60)"))
    asker.join()
    assert run.record.status is Status.INTERRUPTED
    assert run.record.outcome.signal == signal.SIGINT or run.record.outcome.exit_code not in {None, 0}
    assert isinstance(run.metrics["cpu_s"], Measured)
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_program_that_is_not_there_leaves_no_run(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    command = Command(argv=("no-such-program-anywhere",))
    with pytest.raises(PlanError, match="was not found"):
        run_command(plan_command(command), store, command=command, environment=make_environment())
    assert store.runs() == []


def test_a_file_that_the_kernel_refuses_is_kept_as_failed(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\x7fELF and then nothing")
    (tmp_path / "noise").chmod(0o755)
    run = launch(tmp_path, ("./noise",))
    assert (run.record.status, run.record.status_reason) == (
        Status.FAILED,
        "could not be started: Exec format error",
    )
    assert "wall_s" not in run.metrics
    assert list(run.problems()) == []


def test_secrets_reach_the_target_and_not_the_record(tmp_path: Path) -> None:
    code = "import os, sys; print(sys.argv[2], os.environ['MY_API_KEY'])"
    words = (*python(code), "--password", "hunter2hunter2")
    command = Command(argv=words, cwd=tmp_path, variables={"MY_API_KEY": "sk-abcdef0123456789"})
    store = open_store(tmp_path / "store")
    run = run_command(plan_command(command), store, command=command, environment=make_environment())
    assert run.file("stdout.log").read_text() == "hunter2hunter2 sk-abcdef0123456789\n"
    written = (run.folder / "run.json").read_text()
    assert "hunter2hunter2" not in written
    assert "sk-abcdef0123456789" not in written


def test_words_reach_the_target_as_they_are(tmp_path: Path) -> None:
    words = ("a b", "$HOME", "*", "", "'\"", "ü\udcff", "; rm -rf x", "--")
    run = launch(tmp_path, (*python("import sys; print(ascii(sys.argv[1:]))"), *words))
    assert run.file("stdout.log").read_text().strip() == ascii(list(words))


def test_the_target_sees_the_callers_environment_closed_files_and_its_own_group(tmp_path: Path) -> None:
    code = (
        "import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:3], "
        "len(os.listdir('/proc/self/fd')), os.getpgrp() == os.getpid(), os.environ.get('PATH') is not None)"
    )
    run = launch(tmp_path, python(code))
    # three standard streams and the one that lists them
    assert run.file("stdout.log").read_text().strip() == "[0, 1, 2] 4 True True"


def _is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
