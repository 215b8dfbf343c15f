"""One contract for every check: it is named by its file, reaches each state it declares, and explains each fault."""

from __future__ import annotations

import errno
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assay.observe.doctor import Surroundings, examine
from assay.observe.doctor.examine import GROUPS, folder_of, look
from assay.observe.doctor.finding import Finding, Inspection
from assay.observe.doctor.instruments import ClockReading, Space
from assay.record.checks import Check, CheckState
from assay.vgpu import CoreInfo
from tests.observe.doctor.hosts import make_surroundings, refuse
from tests.observe.environment.machines import CGROUP_V2, CPU, GROUP, INTEL, RAPL, SENSORS, SYSTEM, Files

INSPECTIONS: dict[str, Inspection] = {
    name: folder_of(group).load(name) for group in GROUPS for name in folder_of(group).names()
}
OK, DEGRADED, MISSING = CheckState.OK, CheckState.DEGRADED, CheckState.MISSING

PERFORMANCE: Files = {f"{CPU}/cpu{cpu}/cpufreq/scaling_governor": "performance\n" for cpu in range(4)}
YAMA = "proc/sys/kernel/yama/ptrace_scope"
STATUS = "proc/self/status"
PRIVILEGED: Files = {STATUS: "CapEff:\t000001ffffffffff\nCpus_allowed_list:\t0-3\n"}
PYTHON_CORE = CoreInfo(core="python", isa="", isas=(), features=(), compiler=None, reason="no compiler was found")
SLOW_CORE = CoreInfo(core="native", isa="portable", isas=("portable", "avx2"), features=(), compiler="gcc", reason="")
UNLIMITED: Files = {
    f"{GROUP}/user.slice/cpu.max": "max 100000\n",
    f"{GROUP}/user.slice/cpu.stat": "",
    f"{GROUP}/user.slice/app.scope/cpu.stat": "",
}
CALM: Files = {
    "proc/pressure/cpu": "some avg10=1.00 avg60=1.00 total=1\n",
    "proc/stat": "cpu  90 0 20 10 0 0 0 0 0 0\n",
}
TWO_OPENMP: Files = {"proc/self/maps": "1-2 r-xp 0 08:01 1  /a/libgomp.so.1\n3-4 r-xp 0 08:01 2  /b/libiomp5.so\n"}
MOUNTED_TMPFS: Files = {
    "proc/self/mountinfo": "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 0:1 / /data rw - tmpfs t rw\n"
}


def opens_own_code_only(_event: str, share: str) -> int:
    return errno.EACCES if share == "whole" else 0


def opens_cycles_only(event: str, _share: str) -> int:
    return 0 if event in {"cycles", "task-clock"} else errno.ENOENT


Scenario = tuple[str, CheckState, tuple[Files, ...], dict[str, Any]]

SCENARIOS: tuple[Scenario, ...] = (
    ("timers", OK, (), {}),
    ("timers", DEGRADED, (), {"read_clock": lambda _: ClockReading(step_ns=4_000_000, cost_ns=900)}),
    ("timers", DEGRADED, (), {"read_clock": lambda _: ClockReading(step_ns=1, cost_ns=1500)}),
    ("timers", MISSING, (), {"read_clock": lambda _: ClockReading(step_ns=0, cost_ns=40)}),
    ("tsc", OK, (INTEL,), {}),
    ("tsc", DEGRADED, (INTEL, {"sys/devices/system/clocksource/clocksource0/current_clocksource": "hpet"}), {}),
    ("tsc", DEGRADED, (INTEL, {"proc/cpuinfo": "flags\t: fpu tsc\n"}), {}),
    ("tsc", MISSING, (), {}),
    ("ptrace", OK, (INTEL,), {}),
    ("ptrace", OK, (PRIVILEGED, {YAMA: "2"}), {}),
    ("ptrace", DEGRADED, (INTEL, {YAMA: "1"}), {}),
    ("ptrace", MISSING, (INTEL, {YAMA: "2"}), {}),
    ("ptrace", MISSING, (PRIVILEGED, {YAMA: "3"}), {}),
    ("py_spy", OK, (), {}),
    ("py_spy", MISSING, (), {"program": lambda _: None}),
    ("perf_tool", OK, (), {}),
    ("perf_tool", MISSING, (), {"program": lambda _: None}),
    ("tracepoints", OK, ({"sys/kernel/tracing/events/syscalls/sys_enter_read/id": "1"},), {}),
    ("tracepoints", MISSING, (), {}),
    ("perf_hardware", OK, (SYSTEM,), {}),
    ("perf_hardware", DEGRADED, (SYSTEM,), {"open_counter": opens_own_code_only}),
    ("perf_hardware", DEGRADED, (SYSTEM,), {"open_counter": opens_cycles_only}),
    ("perf_hardware", MISSING, (SYSTEM,), {"open_counter": lambda _event, _share: errno.EACCES}),
    ("perf_hardware", MISSING, (), {"open_counter": lambda _event, _share: errno.ENOENT}),
    ("perf_software", OK, (), {}),
    ("perf_software", DEGRADED, (), {"open_counter": opens_own_code_only}),
    ("perf_software", MISSING, (), {"open_counter": lambda _event, _share: errno.ENOSYS}),
    ("rapl", OK, (RAPL, {"sys/class/powercap/intel-rapl:0:0/energy_uj": "5"}), {}),
    ("rapl", DEGRADED, (RAPL,), {}),
    ("rapl", MISSING, (), {}),
    ("rapl", MISSING, ({"sys/class/powercap/intel-rapl:0/energy_uj": None},), {}),
    ("nvml", MISSING, (), {}),
    ("nvml", MISSING, ({".dockerenv": "", "dev/nvidiactl": ""},), {}),
    ("cpu_features", OK, (INTEL,), {}),
    ("cpu_features", DEGRADED, ({"proc/cpuinfo": "flags\t: fpu sse2\n"},), {}),
    ("cpu_features", MISSING, (), {}),
    ("governor", OK, (INTEL, PERFORMANCE), {}),
    ("governor", DEGRADED, (INTEL,), {}),
    ("governor", MISSING, (), {}),
    ("turbo", OK, ({f"{CPU}/cpufreq/boost": "0"},), {}),
    ("turbo", DEGRADED, (INTEL,), {}),
    ("turbo", DEGRADED, ({f"{CPU}/cpufreq/boost": "1"},), {}),
    ("turbo", MISSING, (), {}),
    ("smt", OK, (INTEL, {f"{CPU}/smt/active": "0"}), {}),
    ("smt", DEGRADED, (INTEL,), {}),
    ("smt", MISSING, (), {}),
    ("idle_states", OK, (INTEL,), {}),
    ("idle_states", DEGRADED, (INTEL, {f"{CPU}/cpu0/cpuidle/state3/disable": "0"}), {}),
    ("idle_states", MISSING, (), {}),
    ("huge_pages", OK, (SYSTEM,), {}),
    ("huge_pages", DEGRADED, ({"sys/kernel/mm/transparent_hugepage/enabled": "always madvise [never]"},), {}),
    ("huge_pages", MISSING, (), {}),
    ("thermal", OK, (SENSORS,), {}),
    ("thermal", DEGRADED, (SENSORS, INTEL), {}),
    ("thermal", MISSING, (), {}),
    ("docker", OK, (), {}),
    ("docker", DEGRADED, (), {"connect": lambda _: PermissionError(errno.EACCES, "Permission denied")}),
    ("docker", MISSING, (), {"connect": lambda _: refuse(errno.ENOENT)}),
    ("limits", OK, (INTEL, CGROUP_V2, UNLIMITED), {}),
    ("limits", DEGRADED, (INTEL, CGROUP_V2), {}),
    ("limits", DEGRADED, (INTEL, CGROUP_V2, UNLIMITED, {f"{GROUP}/user.slice/cpu.max": "150000 100000"}), {}),
    ("limits", MISSING, (), {}),
    ("pressure", OK, (SYSTEM, CALM), {}),
    ("pressure", DEGRADED, (SYSTEM,), {}),
    ("pressure", MISSING, (), {}),
    ("steal", OK, (SYSTEM, CALM), {}),
    ("steal", DEGRADED, (SYSTEM,), {}),
    ("steal", MISSING, (), {}),
    ("load", OK, (INTEL, SYSTEM), {}),
    ("load", DEGRADED, (INTEL, {"proc/loadavg": "3.00 1.00 1.00 2/321 4567\n"}), {}),
    ("load", MISSING, (), {}),
    ("swap", OK, ({"proc/meminfo": "SwapTotal: 0 kB\nSwapFree: 0 kB\n"},), {}),
    ("swap", DEGRADED, (SYSTEM,), {}),
    ("swap", MISSING, (), {}),
    ("native_core", OK, (), {}),
    ("native_core", DEGRADED, (), {"core": lambda: PYTHON_CORE}),
    ("native_core", DEGRADED, (), {"core": lambda: SLOW_CORE}),
    ("store", OK, (), {}),
    ("store", OK, (), {"store_location": lambda: "s3://bucket/runs"}),
    ("store", DEGRADED, (MOUNTED_TMPFS,), {}),
    ("store", DEGRADED, (), {"space_at": lambda _: Space(writable=True, free_bytes=1000)}),
    ("store", MISSING, (), {"space_at": lambda _: Space(writable=False, free_bytes=2**40)}),
    ("store", MISSING, (), {"store_location": str}),
    ("browser", OK, (), {}),
    ("browser", MISSING, (), {"program": lambda _: None}),
    ("thread_conflicts", OK, (INTEL, SYSTEM), {}),
    ("thread_conflicts", DEGRADED, (INTEL, TWO_OPENMP), {}),
    ("thread_conflicts", DEGRADED, (INTEL, SYSTEM, CGROUP_V2), {}),
    ("thread_conflicts", DEGRADED, (INTEL, SYSTEM), {"environ": {"OMP_NUM_THREADS": "64"}}),
    ("thread_conflicts", MISSING, (), {}),
)
ACTED_ELSEWHERE = {("nvml", OK), ("nvml", DEGRADED)}
"""GPUs are acted by a stand-in for the driver, in the check's own test."""


def found_by(name: str, root: Path, files: tuple[Files, ...], changes: dict[str, Any]) -> Finding:
    return look(INSPECTIONS[name], make_surroundings(root, *files, **changes))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario[0]}-{scenario[1]}")
def test_a_check_sees_the_state_of_the_machine(tmp_path: Path, scenario: Scenario) -> None:
    name, state, files, changes = scenario
    finding = found_by(name, tmp_path, files, changes)
    assert finding.state is state
    assert "check itself failed" not in (finding.reason or "")


def test_every_check_reaches_every_state_it_declares() -> None:
    reached: dict[str, set[CheckState]] = defaultdict(set)
    for name, state in (*(scenario[:2] for scenario in SCENARIOS), *ACTED_ELSEWHERE):
        reached[name].add(state)
    assert {name: set(inspection.states) for name, inspection in INSPECTIONS.items()} == dict(reached)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario[0]}-{scenario[1]}")
@pytest.mark.parametrize("place", ["host", "container"])
def test_a_fault_is_explained_with_its_loss_and_its_remedy(tmp_path: Path, scenario: Scenario, place: str) -> None:
    name, _, files, changes = scenario
    container: Files = {".dockerenv": ""} if place == "container" else {}
    finding = found_by(name, tmp_path, (*files, container), changes)
    explained = (finding.reason, finding.lost, finding.enable)
    assert finding.found
    assert all(explained) if finding.state is not OK else not any(explained)


def test_checks_are_named_by_their_files_and_stand_in_their_groups() -> None:
    checks = examine()
    assert [(check.group, check.id) for check in checks] == [
        (group, name) for group in GROUPS for name in folder_of(group).names()
    ]
    assert len({check.id for check in checks}) == len(checks)
    assert all(check.title for check in checks)


def test_the_findings_on_this_machine_are_a_valid_document() -> None:
    checks = examine()
    assert msgspec.json.decode(msgspec.json.encode(checks), type=tuple[Check, ...]) == checks


def test_a_check_that_raises_is_reported_and_stops_no_other(tmp_path: Path) -> None:
    def explode() -> CoreInfo:
        raise RuntimeError("boom")

    checks = {check.id: check for check in examine(make_surroundings(tmp_path, INTEL, core=explode))}
    assert checks["native_core"].state is MISSING
    assert "RuntimeError: boom" in (checks["native_core"].reason or "")
    assert checks["browser"].state is OK


def test_a_machine_that_shows_nothing_is_examined_to_the_end(tmp_path: Path) -> None:
    surroundings: Surroundings = make_surroundings(tmp_path)
    assert len(examine(surroundings)) == len(INSPECTIONS)
