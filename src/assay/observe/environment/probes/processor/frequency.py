"""Who chooses the processor's frequency, within which bounds, and whether turbo is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable

from assay.observe.environment.facts import Facts, Unknown, first, known
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_CPU = "sys/devices/system/cpu"
_KHZ = 1000
_MOST_READ = 64
"""Processors whose current frequency is read: each read may wake a core."""


def _read(sources: Sources) -> Facts:
    folder = f"{_CPU}/cpu{sources.some_cpus[0]}/cpufreq"
    return {
        "turbo_enabled": turbo_enabled(sources),
        "governor": _over_usable(sources, "scaling_governor"),
        "energy_preference": _over_usable(sources, "energy_performance_preference"),
        "frequency_driver": sources.text(f"{folder}/scaling_driver"),
        "frequency_min_hz": sources.integer(f"{folder}/scaling_min_freq", unit=_KHZ),
        "frequency_max_hz": sources.integer(f"{folder}/scaling_max_freq", unit=_KHZ),
        "frequency_base_hz": first(_base(sources, folder)),
        "frequency_now_hz": _now(sources),
    }


def turbo_enabled(sources: Sources) -> bool | Unknown:
    """Each driver has its own switch; the first that exists decides."""
    for name, means_on in _turbo_switches(sources):
        value = sources.integer(name)
        if not isinstance(value, Unknown):
            return means_on(value)
    return Unknown("no driver shows a turbo switch (intel_pstate/no_turbo, cpufreq/boost, amd_pstate)")


def _turbo_switches(sources: Sources) -> tuple[tuple[str, Callable[[int], bool]], ...]:
    return (
        (f"{_CPU}/intel_pstate/no_turbo", lambda value: value == 0),
        (f"{_CPU}/cpufreq/boost", lambda value: value == 1),
        (f"{_CPU}/cpu{sources.some_cpus[0]}/cpufreq/boost", lambda value: value == 1),
        (f"{_CPU}/amd_pstate/cpb_boost", lambda value: value == 1),
    )


def _over_usable(sources: Sources, name: str) -> str | Unknown:
    found = [sources.text(f"{_CPU}/cpu{cpu}/cpufreq/{name}") for cpu in sources.some_cpus[:_MOST_READ]]
    values = sorted({value for value in found if not isinstance(value, Unknown)})
    return ",".join(values) if values else found[0]


def _base(sources: Sources, folder: str) -> tuple[int | Unknown, ...]:
    nominal = sources.integer(f"{_CPU}/cpu{sources.some_cpus[0]}/acpi_cppc/nominal_freq", unit=_KHZ * _KHZ)
    return (sources.integer(f"{folder}/base_frequency", unit=_KHZ), nominal)


def _now(sources: Sources) -> int | Unknown:
    names = [f"{_CPU}/cpu{cpu}/cpufreq/scaling_cur_freq" for cpu in sources.some_cpus[:_MOST_READ]]
    found = [value for name in names if (value := known(sources.integer(name, unit=_KHZ))) is not None]
    if found:
        return round(sum(found) / len(found))
    text = sources.text("proc/cpuinfo")
    if isinstance(text, Unknown):
        return text
    mhz = [float(value) for value in re.findall(r"^cpu MHz\s*:\s*(\d{1,6}\.?\d{0,6})", text, re.MULTILINE)]
    return round(1e6 * sum(mhz) / len(mhz)) if mhz else Unknown("neither cpufreq nor /proc/cpuinfo states a frequency")


PLUGIN = Probe(
    section="cpu",
    fields=(
        "turbo_enabled",
        "governor",
        "energy_preference",
        "frequency_driver",
        "frequency_min_hz",
        "frequency_max_hz",
        "frequency_base_hz",
        "frequency_now_hz",
    ),
    read=_read,
)
