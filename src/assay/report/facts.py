"""Facts about the place of a run in words, every unknown one with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import msgspec

from assay.record.documents.report import Fact, FactGroup
from assay.record.environment import Environment
from assay.record.words.numbers import number_text

KEY_FACTS: tuple[tuple[str, str], ...] = (
    ("processor", "/cpu/model"),
    ("usable processors", "/cpu/affinity"),
    ("processor quota", "/container/cpu_quota_cores"),
    ("frequency governor", "/cpu/governor"),
    ("turbo", "/cpu/turbo_enabled"),
    ("multi-threading (SMT)", "/cpu/smt_active"),
    ("virtualisation", "/cpu/virtualisation"),
    ("memory", "/memory/total_bytes"),
    ("memory limit", "/container/memory_limit_bytes"),
    ("kernel", "/kernel/release"),
    ("clock source", "/kernel/clock_source"),
    ("Python", "/python/version"),
    ("load before the run", "/load/load_1m"),
    ("tasks waiting for a processor before", "/load/cpu_pressure"),
)
"""What most often explains why numbers of two machines, or of two days, differ."""
_UNITS = {"_bytes": "B", "_s": "s", "_w": "W", "_hz": "Hz", "_c": "°C", "_ns": "ns"}
_LONGEST_LIST = 24


def key_facts(environment: Environment) -> tuple[Fact, ...]:
    """The few facts that matter most."""
    everything = dict(_walk(environment))
    reasons = {absent.field: absent.reason for absent in environment.absent}
    return tuple(
        _fact(label, pointer, everything[pointer], reasons) for label, pointer in KEY_FACTS if pointer in everything
    )


def all_facts(environment: Environment) -> tuple[FactGroup, ...]:
    """Every fact, under the record's own headings."""
    reasons = {absent.field: absent.reason for absent in environment.absent}
    groups: dict[str, list[Fact]] = {}
    for pointer, value in _walk(environment):
        heading, _, name = pointer[1:].partition("/")
        groups.setdefault(heading, []).append(_fact(name or heading, pointer, value, reasons))
    return tuple(FactGroup(heading=heading, facts=tuple(facts)) for heading, facts in groups.items())


def _walk(value: msgspec.Struct, pointer: str = "") -> Iterator[tuple[str, object]]:
    """Every leaf by its JSON pointer; lists of plain values and of names are leaves."""
    for name in value.__struct_fields__:
        item, here = getattr(value, name), f"{pointer}/{name}"
        if name == "absent":
            continue
        if isinstance(item, msgspec.Struct):
            yield from _walk(item, here)
        elif isinstance(item, tuple) and item and isinstance(item[0], msgspec.Struct) and not _is_pair(item[0]):
            for index, element in enumerate(item):
                yield from _walk(element, f"{here}/{index}")
        else:
            yield here, item


def _is_pair(value: msgspec.Struct) -> bool:
    """Packages and variables: a name and a text, shown side by side."""
    return value.__struct_fields__ in {("name", "version"), ("name", "value")}


def _fact(label: str, pointer: str, value: object, reasons: dict[str, str]) -> Fact:
    if value is None:
        return Fact(name=label, value=None, reason=reasons.get(pointer, "not applicable"))
    return Fact(name=label, value=_words(pointer, value))


def _words(pointer: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        unit = next((unit for suffix, unit in _UNITS.items() if pointer.endswith(suffix)), "1")
        return number_text(float(value), unit)
    if isinstance(value, tuple):
        return _list_words(value)
    return str(value.value) if isinstance(value, Enum) else str(value)


def _list_words(items: tuple[object, ...]) -> str:
    if not items:
        return "none"
    if isinstance(items[0], int):
        return _ranges(sorted(int(str(item)) for item in items))
    if isinstance(items[0], msgspec.Struct):
        return ", ".join("=".join(str(part) for part in msgspec.structs.astuple(item)) for item in _structs(items))
    if len(items) > _LONGEST_LIST:
        return f"{', '.join(map(str, items[:_LONGEST_LIST]))} and {len(items) - _LONGEST_LIST} more"
    return ", ".join(map(str, items))


def _structs(items: tuple[object, ...]) -> list[msgspec.Struct]:
    return [item for item in items if isinstance(item, msgspec.Struct)]


def _ranges(numbers: list[int]) -> str:
    """``0, 1, 2, 5`` as ``0-2, 5``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)
