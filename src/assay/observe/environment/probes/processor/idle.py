"""Idle states, and how often heat has slowed the processor down."""

from __future__ import annotations

from assay.observe.environment.facts import Facts, Unknown, known
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_CPU = "sys/devices/system/cpu"


def _read(sources: Sources) -> Facts:
    return {
        "idle_driver": sources.text(f"{_CPU}/cpuidle/current_driver"),
        "idle_states": _states(sources),
        "throttle_events": _throttle_events(sources),
    }


def _states(sources: Sources) -> tuple[str, ...] | Unknown:
    folder = f"{_CPU}/cpu{sources.some_cpus[0]}/cpuidle"
    names = sources.entries(folder)
    if isinstance(names, Unknown):
        return names
    states = [name for name in names if name.startswith("state")]
    enabled = [name for name in states if known(sources.integer(f"{folder}/{name}/disable")) != 1]
    titles = [known(sources.text(f"{folder}/{name}/name")) for name in enabled]
    return tuple(title for title in titles if title) if states else Unknown(f"/{folder} lists no states")


def _throttle_events(sources: Sources) -> int | Unknown:
    """Each core counts its own; the package's count stands in every core's folder, so the highest one is taken."""
    cores: list[int] = []
    packages: dict[int, int] = {}
    for cpu in sources.some_cpus:
        folder = f"{_CPU}/cpu{cpu}"
        core = known(sources.integer(f"{folder}/thermal_throttle/core_throttle_count"))
        package = known(sources.integer(f"{folder}/thermal_throttle/package_throttle_count"))
        if core is not None:
            cores.append(core)
        if package is not None:
            number = known(sources.integer(f"{folder}/topology/physical_package_id")) or 0
            packages[number] = max(package, packages.get(number, 0))
    if cores or packages:
        return sum(cores) + sum(packages.values())
    return Unknown("the processor's driver counts no thermal throttling here")


PLUGIN = Probe(section="cpu", fields=("idle_driver", "idle_states", "throttle_events"), read=_read)
