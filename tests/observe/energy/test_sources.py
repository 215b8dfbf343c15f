from __future__ import annotations

from pathlib import Path

import pytest

import assay
from assay.observe.energy.counter import Direct, course_of
from assay.observe.energy.meter import SOURCES, Fault, Found, Quantity, Reader, Source, Wanted
from assay.observe.energy.series import Series
from assay.observe.energy.session import default_sources
from assay.record.enums import EnergyMethod
from tests.store.without_rights import public_folder, seen_without_rights

PUBLIC = all(folder.stat().st_mode & 0o001 for folder in Path(assay.__file__).parents)


def find(name: str, wanted: Wanted) -> Found:
    plugin: Source = SOURCES.load(name)
    return plugin.find(wanted)


def zone(root: Path, path: str, name: str, energy_uj: int, range_uj: int = 262_143_328_850) -> Path:
    folder = root / "sys/class/powercap" / path
    folder.mkdir(parents=True, exist_ok=True)
    files = {"name": name, "energy_uj": energy_uj, "max_energy_range_uj": range_uj}
    for file, content in files.items():
        (folder / file).write_text(f"{content}\n", encoding="utf-8")
    return folder / "energy_uj"


def server(root: Path) -> dict[str, Path]:
    """Two packages with memory and cores, the platform over all, and the first package once more by another way."""
    return {
        "package-0": zone(root, "intel-rapl:0", "package-0", 1_000_000),
        "core": zone(root, "intel-rapl:0:0", "core", 400_000),
        "dram-0": zone(root, "intel-rapl:0:1", "dram", 200_000),
        "package-1": zone(root, "intel-rapl:1", "package-1", 2_000_000),
        "dram-1": zone(root, "intel-rapl:1:0", "dram", 300_000),
        "psys": zone(root, "intel-rapl:2", "psys", 9_000_000),
        "mmio": zone(root, "intel-rapl-mmio:0", "package-0", 5_000_000),
    }


def joules(reader: Reader) -> float | Fault:
    return reader.read()[0].value


def test_packages_and_memory_are_counted_once_and_nothing_that_holds_them_or_is_in_them(tmp_path: Path) -> None:
    server(tmp_path)
    found = find("rapl", Wanted(root=tmp_path))
    told = {reader.device.id: (joules(reader), reader.device.metric) for reader in found.readers}
    assert told == {
        "rapl:package-0": (1.0, "cpu_energy_j"),
        "rapl:package-0/dram": (0.2, "memory_energy_j"),
        "rapl:package-1": (2.0, "cpu_energy_j"),
        "rapl:package-1/dram": (0.3, "memory_energy_j"),
    }


def test_zones_inside_their_parents_are_found_too_and_mmio_stands_in_where_nothing_else_is(tmp_path: Path) -> None:
    zone(tmp_path, "intel-rapl-mmio/intel-rapl-mmio:0", "package-0", 5_000_000)
    zone(tmp_path, "intel-rapl/intel-rapl:1", "psys", 7_000_000)
    found = find("rapl", Wanted(root=tmp_path))
    assert [(reader.device.id, joules(reader)) for reader in found.readers] == [("rapl:package-0", 5.0)]


def test_a_counter_that_wraps_at_its_range_is_exact(tmp_path: Path) -> None:
    file = zone(tmp_path, "intel-rapl:0", "package-0", 999_000_000, 1_000_000_000)
    (reader,) = find("rapl", Wanted(root=tmp_path)).readers
    kept = Series()
    for energy_uj in (999_000_000, 999_500_000, 250_000, 4_000_000):
        file.write_text(str(energy_uj), encoding="utf-8")
        kept.keep(reader.read()[0])
    course = course_of(kept, reader.channels[0].sensor)
    assert isinstance(course, Direct)
    assert course.energy_j[-1] == pytest.approx(5.0, abs=1e-9)


def test_a_small_range_is_read_often_enough_to_see_every_wrap(tmp_path: Path) -> None:
    zone(tmp_path, "intel-rapl:0", "package-0", 1, 65_712_999)
    (reader,) = find("rapl", Wanted(root=tmp_path)).readers
    assert reader.interval_s < 65.712999 / 500.0 / 2


@pytest.mark.skipif(not PUBLIC, reason="nobody but the owner may read Assay's own files here")
def test_without_permission_there_is_a_reason_and_no_number() -> None:
    with public_folder() as root:
        files = server(root)
        reason = seen_without_rights(root, lambda: find("rapl", Wanted(root=root)).reason, unreadable=files.values())
    assert "no permission to read" in reason
    assert "assay doctor" in reason


def test_a_package_that_can_not_be_read_stays_in_the_record_as_unknown(tmp_path: Path) -> None:
    files = server(tmp_path)
    files["package-1"].unlink()
    files["package-1"].mkdir()  # nobody can read a folder as a file, root neither
    told = {reader.device.id: joules(reader) for reader in find("rapl", Wanted(root=tmp_path)).readers}
    assert told["rapl:package-0"] == 1.0
    assert isinstance(told["rapl:package-1"], Fault)


def test_a_machine_without_counters_says_so(tmp_path: Path) -> None:
    for name in ("rapl", "hwmon"):
        found = find(name, Wanted(root=tmp_path))
        assert found.readers == ()
        assert str(tmp_path) in found.reason


def hwmon(root: Path, number: int, **files: object) -> None:
    folder = root / f"sys/class/hwmon/hwmon{number}"
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(f"{content}\n", encoding="utf-8")


def test_amd_and_intel_gpus_are_read_by_power_or_by_counter(tmp_path: Path) -> None:
    hwmon(tmp_path, 0, name="nvme", temp1_input=40_000)
    hwmon(tmp_path, 1, name="amdgpu", power1_average=95_000_000)
    hwmon(tmp_path, 2, name="xe", energy1_input=3_500_000, energy1_label="card", energy2_input=1, energy2_label="pkg")
    found = find("hwmon", Wanted(root=tmp_path))
    told = [
        (r.device.id, [(c.quantity, a.value) for c, a in zip(r.channels, r.read(), strict=True)]) for r in found.readers
    ]
    assert told == [("amdgpu:0", [(Quantity.POWER, 95.0)]), ("xe:1", [(Quantity.ENERGY, 3.5)])]


def test_amds_sockets_are_left_to_powercap_where_it_has_them(tmp_path: Path) -> None:
    counters = {"energy1_input": 1_000_000, "energy1_label": "Ecore000", "energy2_input": 7_000_000}
    hwmon(tmp_path, 0, name="amd_energy", **counters, energy2_label="Esocket0")
    found = find("hwmon", Wanted(root=tmp_path))
    assert [(reader.device.id, joules(reader)) for reader in found.readers] == [("socket:0", 7.0)]
    zone(tmp_path, "intel-rapl:0", "package-0", 1)
    assert not find("hwmon", Wanted(root=tmp_path)).readers


def test_the_model_is_only_there_on_request_needs_a_rating_and_is_an_estimate(tmp_path: Path) -> None:
    assert "cpu_model" not in default_sources()
    assert "rated power" in find("cpu_model", Wanted(root=tmp_path)).reason
    times = tmp_path / "proc/stat"
    times.parent.mkdir()
    times.write_text("cpu 100 0 0 100 0 0 0 0 0 0\n", encoding="ascii")
    (reader,) = find("cpu_model", Wanted(root=tmp_path, rated_power_w=100.0)).readers
    assert reader.device.method is EnergyMethod.MODEL
    assert isinstance(joules(reader), Fault), "no time has passed"
    times.write_text("cpu 150 0 0 150 0 0 0 0 0 0\n", encoding="ascii")
    assert joules(reader) == pytest.approx(100.0 * (0.3 + 0.7 * 0.5))
