"""One contract for every probe: what it declares it fills, on any machine, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.environment.capture import SECTIONS, read
from assay.observe.environment.probe import PROBE_FOLDERS, Probe
from assay.observe.environment.sources import Sources
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

PROBES: dict[str, Probe] = {
    f"{folder.package.rsplit('.', 1)[-1]}/{name}": folder.load(name)
    for folder in PROBE_FOLDERS
    for name in folder.names()
}
EVERYTHING: Files = {**AMD, **INTEL, **RAPL, **SYSTEM, **SENSORS, **CGROUP_V2}
MACHINES: dict[str, Files] = {
    "empty": {},
    "whole": EVERYTHING,
    "arm": {**ARM, **SYSTEM, **CGROUP_V1_IN_DOCKER},
    "unreadable": dict.fromkeys(EVERYTHING),
    "garbage": dict.fromkeys(EVERYTHING, "[%s]: -1 99999999999999999999999 \N{SNOWMAN}\n\n=,-\n"),
}

every_probe = pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES)


def test_every_field_of_the_environment_is_filled_by_exactly_one_probe() -> None:
    filled = [(probe.section, field) for probe in PROBES.values() for field in probe.fields]
    declared = [(section, field) for section, kind in SECTIONS.items() for field in kind.__struct_fields__]
    own = [("", field) for field in Environment.__struct_fields__ if field not in {*SECTIONS, "absent"}]
    assert sorted(filled) == sorted(declared + own)


@every_probe
@pytest.mark.parametrize("machine", MACHINES)
def test_a_probe_answers_for_all_its_fields_on_any_machine(tmp_path: Path, probe: Probe, machine: str) -> None:
    found = probe.read(make_machine(tmp_path, MACHINES[machine]))
    assert set(found) == set(probe.fields)
    assert all(value is not None for value in found.values())


@every_probe
def test_a_probe_finds_the_same_twice_on_a_machine_that_stands_still(tmp_path: Path, probe: Probe) -> None:
    sources = make_machine(tmp_path, EVERYTHING, environ={"OMP_NUM_THREADS": "3"})
    assert probe.read(sources) == probe.read(sources)


@every_probe
def test_a_probe_that_raises_gives_its_fields_the_name_of_the_exception(probe: Probe) -> None:
    def fail(sources: Sources) -> dict[str, object]:
        raise OSError(5, "Input/output error", str(sources.root))

    found = read(Probe(fields=probe.fields, read=fail, section=probe.section), Sources())
    assert set(found) == set(probe.fields)
    assert all("OSError" in value.reason for value in found.values())


@every_probe
def test_a_probe_leaves_the_machine_as_it_was(tmp_path: Path, probe: Probe) -> None:
    sources = make_machine(tmp_path, EVERYTHING)
    before = sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    probe.read(sources)
    assert sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before
