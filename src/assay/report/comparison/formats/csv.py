"""A row per line of the table, with numbers as they are."""

from __future__ import annotations

import csv
import io

from assay.compare.words import effect_of
from assay.record.documents.comparison import ComparedLine, Comparison
from assay.record.words.escape import for_csv
from assay.report.comparison.format import ComparisonFormat
from assay.report.comparison.rows import all_lines

_COLUMNS = (
    *("kind", "label", "unit", "before", "after", "change", "low", "high", "low_together", "high_together"),
    *("raw_change", "difference", "p_value", "p_adjusted", "verdict", "direction", "reason"),
)


def render(made: Comparison) -> str:
    """The table."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_cells(made, line) for line in all_lines(made))
    return buffer.getvalue()


def _cells(made: Comparison, line: ComparedLine) -> list[object]:
    effect = effect_of(line)
    numbers = [None] * 5 if effect is None else [getattr(effect, name) for name in effect.__struct_fields__]
    raw = None if line.raw is None else line.raw.change
    return [
        *(line.kind, for_csv(line.label), made.unit, line.before, line.after, *numbers, raw, line.difference),
        *(line.p_value, line.p_adjusted, line.verdict.value, line.direction, for_csv(line.reason)),
    ]


PLUGIN = ComparisonFormat(name="csv", suffixes=(".csv",), media_type="text/csv", render=render)
