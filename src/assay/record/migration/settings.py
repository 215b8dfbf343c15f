"""Configuration of an experiment as options, and names that stand in it or in its processes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.record.base import one_line
from assay.record.migration.source import Experiment
from assay.record.plan import Option

_TEXT_CHARACTERS = 4096
_DEPTH_MAX = 8


def setting(experiment: Experiment, name: str) -> str | None:
    """A text of the experiment, or the one that all of its processes share."""
    own = experiment.fields.get(name)
    if isinstance(own, str) and own:
        return own
    found = {process.get(name) for process in experiment.processes() if isinstance(process.get(name), str)} - {""}
    return str(found.pop()) if len(found) == 1 else None


def options_of(experiment: Experiment) -> tuple[Option, ...]:
    """Settings with one plain value each, sorted by name; lists and long texts are kept verbatim only."""
    config = _section(experiment, "effective_config")
    given = {name for name, _ in _leaves(_section(experiment, "cli_overrides"), "", 0)}
    options = {
        name: Option(name=name, value=value, source="flag" if name in given else "older result file")
        for name, value in _leaves(config, "", 0)
    }
    return tuple(options[name] for name in sorted(options))


def _section(experiment: Experiment, name: str) -> dict[str, Any]:
    candidates = [experiment.fields, *experiment.processes()]
    return next((found for fields in candidates if isinstance(found := fields.get(name), dict) and found), {})


def _leaves(section: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str | float | bool | None]]:
    for key, value in section.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth < _DEPTH_MAX:
            yield from _leaves(value, f"{name}.", depth + 1)
        elif _is_plain(value) and name and one_line(name) == name:
            yield name, float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _TEXT_CHARACTERS
    if isinstance(value, bool) or value is None:
        return True
    return isinstance(value, float) or (isinstance(value, int) and int(float(value)) == value)
