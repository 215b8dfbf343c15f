"""The environment of this process, or of any machine whose files are given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assay.observe.environment.assemble import fields, record
from assay.observe.environment.facts import Facts, Unknown, spread
from assay.observe.environment.probe import Probe, all_probes
from assay.observe.environment.sources import Sources, absolute
from assay.record.base import Absent, Record
from assay.record.environment import Container, Cpu, Environment, Git, Kernel, Load, Memory, Python

SECTIONS: dict[str, type[Record]] = {
    "cpu": Cpu,
    "memory": Memory,
    "container": Container,
    "kernel": Kernel,
    "load": Load,
    "python": Python,
    "git": Git,
}
"""Fields of the environment that are sections of their own."""


def capture(cwd: Path | None = None) -> Environment:
    """Where this process runs; ``cwd`` is the target's folder, whose source state is noted."""
    return capture_from(Sources() if cwd is None else Sources(cwd=absolute(Path(cwd))))


def capture_from(sources: Sources, probes: Iterable[Probe] | None = None) -> Environment:
    """The environment as these sources show it."""
    facts: dict[str, dict[str, Any]] = {}
    for probe in all_probes() if probes is None else probes:
        facts.setdefault(probe.section, {}).update(read(probe, sources))
    sections: dict[str, Any] = {}
    gaps: list[Absent] = []
    for name, kind in SECTIONS.items():
        sections[name], found = record(kind, facts.get(name, {}), f"/{name}")
        gaps += found
    own, found = fields(Environment, facts.get("", {}), but={*SECTIONS, "absent"})
    return Environment(**sections, **own, absent=(*gaps, *found))


def read(probe: Probe, sources: Sources) -> Facts:
    """What the probe finds; one that fails leaves its fields unknown, and the rest of the environment whole."""
    try:
        found = probe.read(sources)
    except Exception as error:  # noqa: BLE001  a strange machine must not stop a measurement; the reason is kept
        return spread(probe.fields, Unknown(f"the probe failed: {type(error).__name__}: {error}"))
    return {field: found.get(field, Unknown("the probe does not state it")) for field in probe.fields}
