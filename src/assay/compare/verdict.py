"""The one answer that a comparison comes to, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Sequence

from assay.compare.words import change_text, line_text, metric_text
from assay.record.base import Record
from assay.record.documents.comparison import ComparedLine, Comparison, NamedClaim, Outcome
from assay.record.metrics import Better


class Decided(Record, kw_only=True):
    """Verdict and sentence."""

    verdict: Outcome = Outcome.INCONCLUSIVE
    headline: str = ""


def decide(made: Comparison, reason: str) -> Decided:
    """What the document says as a whole. The order of the questions is the order of this function."""
    if made.obstacles:
        facts = ", ".join(one.fact for one in made.obstacles)
        return Decided(verdict=Outcome.NOT_COMPARABLE, headline=f"They can't be compared: they differ in {facts}.")
    if reason:
        return Decided(headline=f"Nothing can be said: {reason}.")
    if made.exact:
        return _of_counts(made)
    if made.design is not None and not made.design.sound:
        return Decided(headline=f"Nothing can be said: {made.design.reason}.")
    if made.claims:
        return _of_claims(made, made.claims)
    return _of_table(made)


def _of_counts(made: Comparison) -> Decided:
    changed = [one for one in made.exact if one.verdict is not Outcome.EQUIVALENT]
    if not changed:
        return Decided(verdict=Outcome.EQUIVALENT, headline=f"{made.metric} is the same, count for count.")
    worst = Outcome.REFUTED if any(one.verdict is Outcome.REFUTED for one in changed) else Outcome.CORROBORATED
    first = changed[0]
    counts = f"{first.label}: {_count(first.before)} → {_count(first.after)}"
    return Decided(verdict=worst, headline=f"{made.metric} differs in {len(changed)} of {len(made.exact)}: {counts}.")


def _count(value: float | None) -> str:
    return "none" if value is None else f"{value:,.0f}"


def _of_claims(made: Comparison, claims: Sequence[NamedClaim]) -> Decided:
    """All must hold; one that is refuted is enough to refute."""
    order = (Outcome.REFUTED, Outcome.EQUIVALENT, Outcome.INCONCLUSIVE, Outcome.CORROBORATED)
    worst = min(claims, key=lambda one: order.index(one.verdict))
    verdict = Outcome.REFUTED if worst.verdict is Outcome.EQUIVALENT else worst.verdict
    if worst.line is None:
        return Decided(verdict=verdict, headline=f"“{worst.claim}” can't be judged: {worst.reason}.")
    return Decided(verdict=verdict, headline=f"“{worst.claim}” is {_WORDS[verdict]}: {line_text(made, worst.line)}.")


_WORDS = {
    Outcome.CORROBORATED: "corroborated",
    Outcome.REFUTED: "refuted",
    Outcome.INCONCLUSIVE: "undecided",
}


def _of_table(made: Comparison) -> Decided:
    """Without a claim: the whole decides; where it does not, its parts, what became worse first."""
    parts = [line for line in (made.common, *made.groups, *made.cells) if line is not None]
    shown = [line for line in (made.total, *parts) if line is not None and line.verdict is Outcome.CORROBORATED]
    if not shown:
        return _of_nothing(made)
    whole = [line for line in shown if line.kind == "total"]
    worse = [line for line in shown if is_worse(made, line)]
    first = (whole or worse or shown)[0]
    verdict = Outcome.REFUTED if is_worse(made, first) else Outcome.CORROBORATED
    others = [line for line in (worse or shown) if line is not first]
    more = f"; also {_listed(others)}" if others else ""
    return Decided(verdict=verdict, headline=f"{_sentence(line_text(made, first))}{more}.")


def _of_nothing(made: Comparison) -> Decided:
    total = made.total
    if total is not None and total.verdict is Outcome.EQUIVALENT:
        text = f"No difference that matters: {line_text(made, total)}, inside ±{100.0 * made.margin:.3g} %."
        return Decided(verdict=Outcome.EQUIVALENT, headline=text)
    seen = f"{metric_text(made.metric)} {line_text(made, total)}" if total is not None and total.raw else "no number"
    return Decided(headline=f"Undecided: {seen}.")


def is_worse(made: Comparison, line: ComparedLine) -> bool:
    """Whether a shown difference is one that nobody wants."""
    if made.better == Better.NEITHER:
        return True
    return (line.direction == "more") is (made.better == Better.LOWER)


def _listed(lines: Sequence[ComparedLine], most: int = 3) -> str:
    texts = [f"{line.label} {change_text(line)}" for line in lines[:most]]
    more = f" and {len(lines) - most} more" if len(lines) > most else ""
    return ", ".join(texts) + more


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
