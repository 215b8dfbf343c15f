"""What differs between two runs, for people: facts by their names, numbers with their units and their ratio."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import msgspec

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.cli.views.facts import value_text
from assay.record.documents import RunsDiff
from assay.record.fingerprint import Difference
from assay.record.fingerprint.exact import row_names
from assay.record.metrics import BY_NAME
from assay.record.run import Run
from assay.record.words.numbers import number_text

_COLUMNS = (
    Column(heading="WHAT", least=30, folds=True),
    Column(heading="A", least=12, folds=True),
    Column(heading="B", least=12, folds=True),
    Column(heading="B / A", right=True, least=5),
)
_FILES = ("/series/", "/artifacts/")


def difference_lines(found: RunsDiff, a: Run, b: Run, width: int | None) -> list[Line]:
    """The answer first, then one table for each group of facts."""
    lines: list[Line] = [f"A  {found.a}", f"B  {found.b}", _sameness(found)]
    if not found.differences:
        return [*lines, "", "nothing differs but ids and times"]
    documents = {"a": msgspec.to_builtins(a), "b": msgspec.to_builtins(b)}
    for group, members in groupby(found.differences, key=lambda difference: difference.group):
        lines += ["", Styled(group.value.capitalize(), "bold"), *_group(list(members), documents, width)]
    return lines


def fact_name(pointer: str, document: Any) -> str:
    """A JSON pointer as a name, rows called by what tells them apart: ``metrics.wall_s``."""
    names: list[str] = []
    here, field = document, ""
    for part in pointer.split("/")[1:]:
        if isinstance(here, Sequence) and not isinstance(here, str):
            names.append(_row_name(field, here, int(part)))
            here = here[int(part)]
        else:
            names.append(part)
            here, field = here[part], part
    return ".".join(names).replace(".value.value", "").removesuffix(".value")


def _row_name(field: str, rows: Sequence[Any], number: int) -> str:
    """The row's key without the parts that say nothing."""
    name = row_names(field, rows)[number]
    parts = [part for part in name.strip("[]").split(",") if part.strip(' "') not in ("null", "none", "")]
    return " ".join(part.strip(' "') for part in parts) or str(number)


def _sameness(found: RunsDiff) -> Line:
    answers = {
        "workload": found.same_workload,
        "configuration": found.same_configuration,
        "machine": found.same_machine,
    }
    words = [f"{'same' if same else 'another'} {name}" for name, same in answers.items()]
    return Styled(", ".join(words), "green" if all(answers.values()) else "yellow")


def _group(members: Sequence[Difference], documents: dict[str, Any], width: int | None) -> list[Line]:
    """A table of facts; files, whose bytes nearly always differ, on one line."""
    facts = [difference for difference in members if not _is_about_bytes(difference)]
    lines = _table([_row(fact, documents) for fact in facts], width) if facts else []
    if len(facts) < len(members):
        files = dict.fromkeys(_file(difference, documents) for difference in members if _is_about_bytes(difference))
        lines.append(Styled(f"other bytes in {', '.join(files)} (sizes and hashes: --json)", "dim"))
    return lines


def _table(rows: Sequence[tuple[str, ...]], width: int | None) -> list[Line]:
    """The ratio has a column where there is one."""
    shown = len(_COLUMNS) if any(row[-1] for row in rows) else len(_COLUMNS) - 1
    return table_lines(_COLUMNS[:shown], [row[:shown] for row in rows], width)


def _is_about_bytes(difference: Difference) -> bool:
    return difference.pointer.startswith(_FILES) and not difference.only_in


def _file(difference: Difference, documents: dict[str, Any]) -> str:
    _, section, number, *_ = difference.pointer.split("/")
    return str(documents["a"][section][int(number)]["file"])


def _row(difference: Difference, documents: dict[str, Any]) -> tuple[str, ...]:
    name = fact_name(difference.pointer, documents[difference.only_in or "a"])
    values = [
        "(no such row)" if difference.only_in == absent else _shown(difference, value, documents)
        for value, absent in ((difference.a, "b"), (difference.b, "a"))
    ]
    return (name, *values, _ratio(difference.a, difference.b))


def _shown(difference: Difference, value: Any, documents: dict[str, Any]) -> str:
    """A metric's value in its unit, anything else as it stands."""
    _, section, *rest = difference.pointer.split("/")
    if section == "metrics" and rest[1:] == ["value", "value"] and isinstance(value, int | float):
        metric = documents["a"]["metrics"][int(rest[0])]["name"]
        if metric in BY_NAME:
            return number_text(value, BY_NAME[metric].unit)
    return value_text(value)


def _ratio(a: Any, b: Any) -> str:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (a, b))
    return f"{b / a:.3g}" if numbers and a > 0 and b >= 0 else ""
