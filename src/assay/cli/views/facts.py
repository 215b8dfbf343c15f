"""Any part of a record as lines of ``name  value``: complete, in the record's order, every gap with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.width import text_width
from assay.record.base import SelfChecked

_WIDEST_NAME = 44


def fact_lines(section: object) -> list[Line]:
    """One line a fact, names aligned."""
    facts = list(facts_of(section))
    width = min(_WIDEST_NAME, max((text_width(name) for name, _ in facts), default=0))
    return [(Styled(name + " " * (width - text_width(name)), "dim"), "  ", _styled(value)) for name, value in facts]


def facts_of(section: object) -> Iterator[tuple[str, str]]:
    """Dotted names with their values as text; what is null says why."""
    reasons = _reasons(section)
    for name, value in _walk("", msgspec.to_builtins(section)):
        pointer = "/" + name.replace(".", "/")
        yield name, reasons.get(pointer, "none") if value is None else _text(value)


def value_text(value: Any) -> str:
    """One value on one line, a table or a section as JSON."""
    if value is None:
        return "none"
    return _text(value) if _is_plain(value) else msgspec.json.encode(value).decode("utf-8")


def _reasons(section: object) -> dict[str, str]:
    if not isinstance(section, SelfChecked):
        return {}
    return {gap.field: f"not known: {gap.reason}" for gap in section.absent}


def _walk(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        if set(value) == {"name", "value"}:
            yield f"{name.rpartition('.')[0]}.{value['name']}", value["value"]
            return
        for key, inner in value.items():
            if key != "absent":
                yield from _walk(f"{name}.{key}" if name else key, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(v, Mapping) for v in value):
        for i, inner in enumerate(value):
            yield from _walk(f"{name}.{i}" if name else str(i), inner)
    else:
        yield name, value


def _is_plain(value: Any) -> bool:
    """One scalar, or a list of them."""
    if isinstance(value, list | tuple):
        return all(isinstance(item, str | bool | int | float) for item in value)
    return isinstance(value, str | bool | int | float)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(item) for item in value) or "none"
    return f"{value:.12g}" if isinstance(value, float) else str(value)  # 0.1 + 0.2 is 0.3; all digits are in --json


def _styled(value: str) -> Styled:
    return Styled(value, "dim" if value == "none" or value.startswith("not known: ") else "")
