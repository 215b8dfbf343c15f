"""Devices whose drivers show energy or power under hwmon: AMD and Intel GPUs, and AMD's processors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from assay.observe.energy.files import FileReader, Kept, number_in
from assay.observe.energy.meter import Channel, Fault, Found, MeteredDevice, Quantity, Sensor, Wanted
from assay.observe.environment.sources import natural_order
from assay.record.enums import DeviceKind

FOLDER = "sys/class/hwmon"
_MICROS = 1e6


class Driver(NamedTuple):
    """What one driver's files are: data, since drivers differ in nothing else."""

    name: str
    kind: DeviceKind
    metric: str
    averages_s: float
    """Time over which the file for averages averages, where there is one."""
    label: str = ""
    """Beginning of the labels of counters that are to be added; empty for all."""


DRIVERS = {
    driver.name: driver
    for driver in (
        Driver("amdgpu", DeviceKind.GPU, "gpu_energy_j", 0.0),
        Driver("i915", DeviceKind.GPU, "gpu_energy_j", 0.0),
        Driver("xe", DeviceKind.GPU, "gpu_energy_j", 0.0, label="card"),
        Driver("amd_energy", DeviceKind.CPU, "cpu_energy_j", 0.0, label="Esocket"),
    )
}
_POWERS = ("power1_average", "power1_input")


class HwmonSource:
    """Counters where a driver has them, else its power."""

    name = "hwmon"
    summary = "AMD and Intel GPUs, AMD processors: their drivers' energy and power under hwmon"
    kind = DeviceKind.GPU
    on_request = False

    def find(self, wanted: Wanted) -> Found:
        """One reader for each device."""
        folder = wanted.root / FOLDER
        has_packages = any((wanted.root / "sys/class/powercap").glob("*rapl*:*"))
        readers: list[FileReader] = []
        for place, driver in _devices(folder):
            if driver.kind is DeviceKind.CPU and has_packages:
                continue  # the kernel shows the same counters under powercap
            readers += list(_readers(place, driver, len(readers)))
        return Found(tuple(readers), "" if readers else f"{folder} shows no device whose energy or power is known")


def _devices(folder: Path) -> Iterator[tuple[Path, Driver]]:
    for place in sorted(folder.glob("hwmon*"), key=lambda path: natural_order(path.name)):
        try:
            name = (place / "name").read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if name in DRIVERS:
            yield place, DRIVERS[name]


def _readers(place: Path, driver: Driver, number: int) -> Iterator[FileReader]:
    counters = [file for file in sorted(place.glob("energy*_input")) if _is_wanted(file, driver)]
    powers = [place / name for name in _POWERS if not isinstance(number_in(place / name), Fault)]
    if driver.kind is DeviceKind.CPU:
        for socket, file in enumerate(counters):
            yield FileReader(_device(driver, f"socket:{socket}", place), [_counter(driver, file)])
        return
    kept = [_counter(driver, file) for file in counters[:1]] + [_power(driver, file) for file in powers[:1]]
    if kept:
        yield FileReader(_device(driver, f"{driver.name}:{number}", place), kept, 0.1 if counters else 0.02)


def _is_wanted(file: Path, driver: Driver) -> bool:
    if not driver.label:
        return True
    try:
        label = file.with_name(file.name.replace("_input", "_label")).read_text(encoding="utf-8").strip()
    except OSError:
        return driver.kind is not DeviceKind.CPU
    return label.startswith(driver.label) or label == "pkg"


def _counter(driver: Driver, file: Path) -> Kept:
    channel = Channel(name=f"hwmon:{driver.name}:energy", quantity=Quantity.ENERGY, sensor=Sensor(quantum=1 / _MICROS))
    return Kept(channel, file, _MICROS)


def _power(driver: Driver, file: Path) -> Kept:
    sensor = Sensor(window_s=driver.averages_s, quantum=1 / _MICROS)
    return Kept(Channel(name=f"hwmon:{driver.name}:power", quantity=Quantity.POWER, sensor=sensor), file, _MICROS)


def _device(driver: Driver, identity: str, place: Path) -> MeteredDevice:
    try:
        uuid = (place / "device").resolve().name
    except OSError:
        uuid = place.name
    name = f"{driver.name} device"
    return MeteredDevice(id=identity, kind=driver.kind, name=name, uuid=uuid, metric=driver.metric)


PLUGIN = HwmonSource()
