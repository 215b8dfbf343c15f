"""What differs between two runs, for people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.cli.views.facts import value_text
from assay.record.documents import RunsDiff
from assay.record.fingerprint import Difference

_COLUMNS = (
    Column(heading="WHAT", least=24, folds=True),
    Column(heading="A", least=12, folds=True),
    Column(heading="B", least=12, folds=True),
)


def difference_lines(found: RunsDiff, width: int | None) -> list[Line]:
    """The answer first, then one table for each group of facts."""
    lines: list[Line] = [f"A  {found.a}", f"B  {found.b}", _sameness(found)]
    if not found.differences:
        return [*lines, "", "nothing differs but ids and times"]
    for group, members in groupby(found.differences, key=lambda difference: difference.group):
        lines += ["", Styled(group.value.capitalize(), "bold"), *_table(list(members), width)]
    return lines


def _sameness(found: RunsDiff) -> Line:
    answers = {
        "workload": found.same_workload,
        "configuration": found.same_configuration,
        "machine": found.same_machine,
    }
    words = [f"{'same' if same else 'another'} {name}" for name, same in answers.items()]
    return Styled(", ".join(words), "green" if all(answers.values()) else "yellow")


def _table(members: Sequence[Difference], width: int | None) -> list[Line]:
    rows = [
        (
            difference.pointer.removeprefix("/").replace("/", "."),
            "(no such row)" if difference.only_in == "b" else value_text(difference.a),
            "(no such row)" if difference.only_in == "a" else value_text(difference.b),
        )
        for difference in members
    ]
    return table_lines(_COLUMNS, rows, width)
