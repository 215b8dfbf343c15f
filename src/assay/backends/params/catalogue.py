"""The catalogue of a backend: parameters that bear on time, energy or memory, and combinations that can't work.

Read from ``<backend>.yaml`` beside this file; a mistake in it is said with its line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from assay.backends.params.conditions import Condition, parse_condition
from assay.backends.params.kinds import Kind, parse_kind
from assay.errors import PluginError, UsageError

TOUCHES = frozenset(
    {
        *("adapters", "batching", "behaviour", "cache", "kernels", "length", "media"),
        *("memory", "output", "parallel", "precision", "sampling", "speculation"),
    }
)
"""What a parameter can bear on."""
ANSWERS = frozenset({"refuses", "warns", "takes", "unknown"})
"""What a package does with a combination that can't work; it may take it and ignore half of it."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter that bears on time, energy or memory."""

    name: str
    surface: str
    kind: Kind
    touches: str
    unstated: bool
    """Whether the package takes it without stating it where one can look, or it says how the package is used."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A combination that can't work, or of which a part is ignored."""

    id: str
    surface: str
    when: Mapping[str, Condition]
    why: str
    answer: str
    given: Mapping[str, Any] = field(default_factory=dict)
    """An example that breaks the rule, as the package is given it."""
    replay: Mapping[str, Any] = field(default_factory=dict)
    """What is called with the example instead of the surface's object, and then on what it returned."""

    def broken_by(self, values: Mapping[str, Any]) -> bool:
        """Whether all conditions hold."""
        return all(condition.holds(values, name) for name, condition in self.when.items())


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything that is known of a backend's parameters."""

    backend: str
    packages: tuple[str, ...]
    """Distributions that provide it; the first that is installed counts."""
    surfaces: tuple[Mapping[str, Any], ...]
    """Where the package says what it accepts, and how it is looked at."""
    parameters: tuple[Parameter, ...]
    irrelevant: Mapping[str, frozenset[str]]
    """Names of each surface that were there when the catalogue was made, and bear on none of it."""
    rules: tuple[Rule, ...]
    loggers: tuple[str, ...] = ()
    """Loggers through which the package warns, where the root's don't hear them."""
    sample: str = ""
    """A model that each example is tried with, where one fits into a line."""

    def named(self, name: str) -> Parameter | None:
        """The parameter of that name, or of ``surface.name``."""
        return next((one for one in self.parameters if name in {one.name, f"{one.surface}.{one.name}"}), None)


def backends() -> list[str]:
    """Backends that have a catalogue."""
    folder = resources.files(__package__)
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


@cache
def load_catalogue(backend: str) -> Catalogue:
    """The catalogue of a backend; every mistake in its file at once."""
    if backend not in backends():
        near = difflib.get_close_matches(backend, backends(), n=1)
        remedy = f"did you mean {near[0]!r}?" if near else f"choose one of: {', '.join(backends())}"
        raise UsageError(f"there is no catalogue of {backend!r}", where="params", remedy=remedy)
    file = resources.files(__package__) / f"{backend}.yaml"
    return read_catalogue(file.read_text(encoding="utf-8"), file.name)


def read_catalogue(text: str, name: str) -> Catalogue:
    """A catalogue out of YAML."""
    data = YAML(typ="rt").load(text)
    problems: list[str] = []
    parameters = tuple(_parameters(data["parameters"], name, problems))
    catalogue = Catalogue(
        backend=str(data["backend"]),
        packages=tuple(str(package) for package in data["package"]),
        surfaces=tuple(_plain(surface) for surface in data["surfaces"]),
        parameters=parameters,
        irrelevant={surface: frozenset(names) for surface, names in (data.get("irrelevant") or {}).items()},
        rules=tuple(_rules(data.get("rules") or [], name, problems)),
        loggers=tuple(str(logger) for logger in data.get("loggers") or ()),
        sample=str(data.get("sample") or ""),
    )
    if problems:
        raise PluginError("\n".join(problems), where=name, remedy="mend the catalogue")
    return catalogue


def _plain(surface: Any) -> dict[str, Any]:
    return {str(key): list(value) if isinstance(value, list) else str(value) for key, value in surface.items()}


def _parameters(data: Mapping[str, Any], name: str, problems: list[str]) -> Iterator[Parameter]:
    for surface, rows in data.items():
        for parameter, row in rows.items():
            place = f"{name}:{_line(rows, parameter)}: {surface}.{parameter}"
            try:
                kind = parse_kind(row["kind"])
            except (ValueError, KeyError, TypeError) as error:
                problems.append(f"{place}: {error}")
                continue
            if row.get("touches") not in TOUCHES:
                problems.append(f"{place}: touches one of {', '.join(sorted(TOUCHES))}")
                continue
            unstated = bool(row.get("unstated", False))
            yield Parameter(name=parameter, surface=surface, kind=kind, touches=str(row["touches"]), unstated=unstated)


def _rules(data: list[Any], name: str, problems: list[str]) -> Iterator[Rule]:
    seen: set[str] = set()
    for row in data:
        place = f"{name}:{row.lc.line + 1}: {row.get('id', '?')}"
        try:
            rule = _rule(row)
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"{place}: {error}")
            continue
        if rule.id in seen or rule.answer not in ANSWERS:
            problems.append(f"{place}: an id of its own, and an answer out of {', '.join(sorted(ANSWERS))}")
            continue
        seen.add(rule.id)
        yield rule


def _rule(row: Any) -> Rule:
    return Rule(
        id=str(row["id"]),
        surface=str(row["on"]),
        when={str(name): parse_condition(str(text)) for name, text in row["when"].items()},
        why=str(row["why"]),
        answer=str(row["answer"]),
        given=dict(row.get("given") or {}),
        replay={str(key): value for key, value in (row.get("replay") or {}).items()},
    )


def _line(rows: Any, key: str) -> int:
    return int(rows.lc.key(key)[0]) + 1 if isinstance(rows, CommentedMap) else 0
