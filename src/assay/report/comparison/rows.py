"""Which lines of a comparison are worth showing, and how they read; every format takes them from here."""

from __future__ import annotations

from assay.compare.verdict import is_worse
from assay.compare.words import change_text, difference_text, effect_of, interval_text, percent_text
from assay.record.base import Record
from assay.record.documents.comparison import ComparedLine, Comparison, Outcome
from assay.record.words.numbers import number_text, significant

HEADINGS = ("where", "verdict", "change", "interval", "raw", "baseline", "candidate", "difference", "p")
VERDICTS = {
    Outcome.CORROBORATED: "corroborated",
    Outcome.REFUTED: "refuted",
    Outcome.EQUIVALENT: "equivalent",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.NOT_COMPARABLE: "not comparable",
}
"""The answers in words."""


class Row(Record, kw_only=True):
    """One line in words."""

    where: str
    baseline: str
    candidate: str
    change: str
    interval: str
    raw: str
    difference: str
    p: str
    verdict: str


def all_lines(made: Comparison) -> list[ComparedLine]:
    """Every line of a comparison, the whole first; of one that was declined, those of which both sides are known."""
    if made.design is None:
        return []
    ends = [line for line in (made.total, made.common) if line is not None]
    lines = [*ends, *made.groups, *made.cells]
    return (
        lines if made.design.sound else [line for line in lines if line.before is not None and line.after is not None]
    )


def telling_lines(made: Comparison, most: int) -> list[ComparedLine]:
    """The whole, what all share, every difference that is shown, and the closest of the rest up to ``most``."""
    everything = all_lines(made)
    if len(everything) <= most:
        return everything
    shown = [line for line in everything if line.kind in ("total", "common") or line.verdict is Outcome.CORROBORATED]
    rest = [line for line in everything if line not in shown and line.p_value is not None]
    rest.sort(key=lambda line: line.p_value or 0.0)
    return [*shown, *rest[: max(0, most - len(shown))]]


def row_of(made: Comparison, line: ComparedLine) -> Row:
    """The line in words."""
    effect = effect_of(line)
    p_value = line.p_value if line.p_adjusted is None else line.p_adjusted
    return Row(
        where=line.label,
        baseline="" if line.before is None else number_text(line.before, made.unit),
        candidate="" if line.after is None else number_text(line.after, made.unit),
        change=change_text(line),
        interval="" if effect is None else interval_text(effect),
        raw=percent_text(line.raw.change) if line.raw is not None and line.specific is not None else "",
        difference=difference_text(made, line),
        p="" if p_value is None else significant(p_value),
        verdict=verdict_words(made, line),
    )


def verdict_words(made: Comparison, line: ComparedLine) -> str:
    """A shown difference says which way it goes, and whether that is what nobody wants."""
    if line.verdict is not Outcome.CORROBORATED:
        return VERDICTS[line.verdict]
    return f"{line.direction} (worse)" if is_worse(made, line) else line.direction


def tone_of(made: Comparison, line: ComparedLine) -> str:
    """``good``, ``bad``, ``same`` or ``open``."""
    if line.verdict is Outcome.CORROBORATED:
        return "bad" if is_worse(made, line) else "good"
    return "same" if line.verdict is Outcome.EQUIVALENT else "open"
