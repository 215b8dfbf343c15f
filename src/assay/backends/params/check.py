"""Judging parameters before anything starts: names, kinds of values, combinations; all problems at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assay.backends.params.catalogue import Catalogue, Parameter

EXTRA = "extra"
"""The key under which anything else is passed on as it is."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that can't work."""

    parameter: str
    rule: str
    """Id of the rule, ``kind`` or ``name``."""
    said: str
    refused: bool
    """False where a part of it is merely ignored by the package."""


def check(catalogue: Catalogue, values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with these parameters."""
    extra = values.get(EXTRA) or {}
    named = {name: value for name, value in values.items() if name != EXTRA}
    return [*_misnamed(catalogue, named, extra), *_mistyped(catalogue, named), *_impossible(catalogue, named)]


def _misnamed(catalogue: Catalogue, named: Mapping[str, Any], extra: Mapping[str, Any]) -> Iterator[Problem]:
    known = sorted({one.name for one in catalogue.parameters})
    for name in named:
        if catalogue.named(name) is None:
            near = difflib.get_close_matches(name, known, n=1)
            advice = f"did you mean {near[0]!r}?" if near else "put it under `extra:` to pass it on as it is"
            yield Problem(
                parameter=name, rule="name", said=f"is no parameter of {catalogue.backend}; {advice}", refused=True
            )
    for name in extra:
        if catalogue.named(name) is not None:
            said = "is known: take it out of `extra:`, so that its value is checked"
            yield Problem(parameter=name, rule="name", said=said, refused=True)
        elif near := difflib.get_close_matches(name, known, n=1, cutoff=0.9):
            yield Problem(parameter=name, rule="name", said=f"did you mean {near[0]!r}?", refused=False)


def _mistyped(catalogue: Catalogue, named: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in named.items():
        parameter = catalogue.named(name)
        if parameter is not None and not parameter.kind.takes(value):
            yield Problem(
                parameter=name, rule="kind", said=f"{_shown(value)} is not {parameter.kind.text}", refused=True
            )


def _impossible(catalogue: Catalogue, named: Mapping[str, Any]) -> Iterator[Problem]:
    surfaces = _surfaces(catalogue, named)
    for rule in catalogue.rules:
        if rule.surface in surfaces and rule.broken_by(_values(catalogue, named, rule.surface)):
            given = ", ".join(f"{name} {_shown(named.get(name))}" for name in rule.when if name in named)
            refused = rule.answer == "refuses"
            yield Problem(parameter=next(iter(rule.when)), rule=rule.id, said=f"{given}: {rule.why}", refused=refused)


def _surfaces(catalogue: Catalogue, named: Mapping[str, Any]) -> set[str]:
    """Surfaces of which something was given."""
    found: set[str] = set()
    for name in named:
        found |= {one.surface for one in catalogue.parameters if name in _names(one)}
    return found


def _values(catalogue: Catalogue, named: Mapping[str, Any], surface: str) -> dict[str, Any]:
    """What was given, by plain names, ``surface.name`` before ``name``."""
    values = dict(named)
    for one in catalogue.parameters:
        if one.surface == surface and f"{surface}.{one.name}" in named:
            values[one.name] = named[f"{surface}.{one.name}"]
    return values


def _names(parameter: Parameter) -> tuple[str, str]:
    return parameter.name, f"{parameter.surface}.{parameter.name}"


def _shown(value: Any) -> str:
    return "null" if value is None else repr(value)
