"""The whole environment: every null explained, whatever the machine and whatever a probe does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from assay.observe.environment import Sources, capture, capture_from
from assay.observe.environment.probe import Probe, all_probes
from assay.record.environment import Environment
from tests.observe.environment.machines import (
    AMD,
    ARM,
    CGROUP_V1_IN_DOCKER,
    CGROUP_V2,
    INTEL,
    RAPL,
    SENSORS,
    SYSTEM,
    Files,
    make_machine,
)

MACHINES: dict[str, tuple[Files, ...]] = {
    "nothing at all": (),
    "intel server": (INTEL, RAPL, SYSTEM, SENSORS, CGROUP_V2),
    "amd in docker": (AMD, SYSTEM, CGROUP_V1_IN_DOCKER),
    "arm board": (ARM, SYSTEM),
    "unreadable": tuple({path: None} for path in {**INTEL, **SYSTEM, **CGROUP_V2}),
    "garbage": tuple(
        {path: "\N{SNOWMAN} 99999999999999999999999 -"} for path in {**INTEL, **SYSTEM, **SENSORS, **CGROUP_V2}
    ),
}


def assert_valid(environment: Environment) -> None:
    """It is what a reader of the record would accept."""
    assert msgspec.json.decode(msgspec.json.encode(environment), type=Environment) == environment


@pytest.mark.parametrize("machine", MACHINES)
def test_every_machine_gives_a_valid_environment(tmp_path: Path, machine: str) -> None:
    assert_valid(capture_from(make_machine(tmp_path, *MACHINES[machine])))


def test_the_captured_environment_of_this_machine_is_valid_and_knows_the_basics() -> None:
    environment = capture()
    assert_valid(environment)
    assert environment.kernel.system == "Linux"
    assert environment.cpu.affinity
    assert environment.memory.total_bytes
    assert environment.python.version == sys.version.split(" ", maxsplit=1)[0]


def test_the_folder_of_the_target_decides_the_source_state(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text(f"{'ab' * 20}\n")
    assert capture(tmp_path).git.commit == "ab" * 20


def test_a_working_folder_that_was_deleted_is_a_reason_and_no_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    monkeypatch.setenv("PWD", str(gone))
    gone.rmdir()
    for environment in (capture(), capture(Path("below"))):
        reasons = {entry.field: entry.reason for entry in environment.absent}
        assert reasons["/git/commit"] == "the target's folder does not exist"


def fail(sources: Sources) -> dict[str, object]:
    raise RuntimeError(f"no such thing in {sources.root}")


def unruly(_: Sources) -> dict[str, object]:
    return {"commit": object(), "not_mine": 1}


@pytest.mark.parametrize(("read", "said"), [(fail, "RuntimeError"), (unruly, "can't be used")])
def test_a_probe_that_misbehaves_leaves_only_its_own_fields_null(
    tmp_path: Path, read: Callable[[Sources], dict[str, object]], said: str
) -> None:
    kept = [probe for probe in all_probes() if probe.section != "git"]
    broken = Probe(section="git", fields=("commit", "branch", "dirty"), read=read)
    environment = capture_from(make_machine(tmp_path, INTEL), [*kept, broken])
    reasons = {entry.field: entry.reason for entry in environment.absent}
    assert environment.git.commit is None
    assert said in reasons["/git/commit"]
    assert environment.cpu.sockets == 2
    assert_valid(environment)


def test_capturing_imports_nothing_heavy() -> None:
    heavy = ["numpy", "pyarrow", "duckdb", "scipy", "torch", "pynvml", "psutil", "ray"]
    report = f"print([name for name in {heavy} if name in sys.modules])"
    code = f"import sys; from assay.observe.environment import capture; capture(); {report}"
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"
