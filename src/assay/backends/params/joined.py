"""The catalogue beside what is installed: what is typed, what has gone, what is new, what has changed its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assay.backends.params.catalogue import Catalogue, Parameter
from assay.backends.params.kinds import Kind, parse_kind
from assay.backends.params.looking import Installed, stated

_WIDER = {"float": {"int"}, "object": {"mapping", "list", "text"}, "mapping": {"object"}, "text": {"one of"}}
"""Words of the catalogue that stand for others of a package."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many of a backend's relevant parameters have a kind to check values against."""

    relevant: int
    typed: int
    found: int | None
    """How many of those the installed package has, or nobody can see; None where nothing was looked at."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One way in which the installed package has left the catalogue."""

    surface: str
    name: str
    change: str
    """``gone``, ``new``, ``kind`` or ``unreadable``."""
    said: str


def coverage(catalogue: Catalogue, installed: Installed | None = None) -> Coverage:
    """What share of the relevant parameters is typed, and found."""
    relevant = {one.name for one in catalogue.parameters}
    typed = {one.name for one in catalogue.parameters if _is_typed(one.kind)}
    if installed is None or installed.version is None:
        return Coverage(relevant=len(relevant), typed=len(typed), found=None)
    unseen = {surface["name"] for surface in catalogue.surfaces if surface["way"] == "own"}
    found = {
        one.name
        for one in catalogue.parameters
        if one.unstated or one.surface in unseen or stated(installed, one) is not None
    }
    return Coverage(relevant=len(relevant), typed=len(typed), found=len(found))


def _is_typed(kind: Kind) -> bool:
    return any(alternative.word not in {"object", "null"} for alternative in kind.alternatives) or "object" in kind.text


def drift(catalogue: Catalogue, installed: Installed) -> list[Drift]:
    """Every difference, by surface and name."""
    found = [*_gone_or_changed(catalogue, installed), *_new(catalogue, installed)]
    found += [
        Drift(surface=surface, name="", change="unreadable", said=reason)
        for surface, reason in installed.failed.items()
    ]
    return sorted(found, key=lambda one: (one.surface, one.change, one.name))


def _gone_or_changed(catalogue: Catalogue, installed: Installed) -> Iterator[Drift]:
    for parameter in catalogue.parameters:
        if parameter.unstated or parameter.surface not in installed.surfaces:
            continue
        row = stated(installed, parameter)
        if row is None:
            said = f"{installed.package} {installed.version or ''} has it no more".replace("  ", " ")
            yield Drift(surface=parameter.surface, name=parameter.name, change="gone", said=said)
        elif row.kind is not None and (said := _differs(parameter, row.kind)):
            yield Drift(surface=parameter.surface, name=parameter.name, change="kind", said=said)


def _differs(parameter: Parameter, kind: str) -> str:
    """How what the package states goes beyond the catalogue; empty where it does not."""
    theirs = parse_kind(kind)
    missing = [choice for choice in theirs.choices if not _takes(parameter.kind, choice)]
    if missing and parameter.kind.choices:
        return f"takes {', '.join(missing)} too"
    ours = {alternative.word for alternative in parameter.kind.alternatives}
    wider = ours | {word for own in ours for word in _WIDER.get(own, ())}
    foreign = [one.word for one in theirs.alternatives if one.word not in wider and not _is_narrowed(one.word, ours)]
    return f"is {kind} there, {parameter.kind.text} here" if foreign else ""


def _takes(kind: Kind, choice: str) -> bool:
    number = choice.removeprefix("-").isdigit()
    return kind.takes(choice) or (number and kind.takes(int(choice)))


def _is_narrowed(word: str, ours: set[str]) -> bool:
    """Whether the catalogue rightly says more than the package: names instead of any text or number, no null."""
    return word == "null" or (word in {"text", "int"} and "one of" in ours)


def _new(catalogue: Catalogue, installed: Installed) -> Iterator[Drift]:
    for surface, rows in installed.surfaces.items():
        known = {one.name for one in catalogue.parameters if one.surface == surface}
        known |= catalogue.irrelevant.get(surface, frozenset())
        for row in rows:
            if row.name not in known:
                said = row.kind or "of unknown kind"
                yield Drift(surface=surface, name=row.name, change="new", said=said)
