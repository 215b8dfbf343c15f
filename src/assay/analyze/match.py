"""One rule against one run: at which places its conditions hold, with the number behind each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from assay.analyze.evidence.gather import KINDS, Evidence
from assay.analyze.functions.table import FUNCTIONS, PlaceValues
from assay.analyze.grammar import Condition, Node, evaluate, judge
from assay.analyze.grammar.evaluate import Value
from assay.analyze.grammar.tree import Call, parts_of
from assay.analyze.places import Place, places_of
from assay.analyze.rules.rule import Rule
from assay.record.diagnosis.findings import FindingEvidence, NotEvaluated, Scope

DIGITS = 4
"""Significant digits that are kept of a measured value: beyond them, machines add up differently."""


class Trial(Struct, frozen=True, kw_only=True):
    """A rule tried at a place."""

    rule: Rule
    place: Place
    conditions: tuple[Condition, ...]
    confidence: float
    values: PlaceValues

    @property
    def held(self) -> bool:
        """Whether every condition held."""
        return all(condition.held for condition in self.conditions)

    @property
    def closeness(self) -> int:
        """How many conditions held: the order in which trials are worth looking at."""
        return sum(condition.held is True for condition in self.conditions)


class Places:
    """Candidate places by scope, found once for all rules."""

    def __init__(self, evidence: Evidence, find: Callable[[Evidence, Scope], list[Place]] = places_of) -> None:
        self.evidence = evidence
        self._find = find
        self._known: dict[Scope, list[Place]] = {}

    def of(self, scope: Scope) -> list[Place]:
        """Candidates of that scope, the most expensive first."""
        if scope not in self._known:
            self._known[scope] = self._find(self.evidence, scope)
        return self._known[scope]


def not_evaluated(rule: Rule, evidence: Evidence) -> NotEvaluated | None:
    """Why the rule can't be judged on this evidence; None where it can."""
    missing = sorted(kind for kind in rule.needs if not evidence.has(kind))
    if not missing:
        return None
    reason = "; ".join(evidence.reason(kind) for kind in missing)
    return NotEvaluated(pattern=rule.text.id, missing=tuple(missing), reason=reason[:1000])


def trials(rule: Rule, places: Places) -> list[Trial]:
    """The rule at every candidate place of its scope."""
    return [_tried(rule, place) for place in places.of(rule.text.scope)]


def _tried(rule: Rule, place: Place) -> Trial:
    named: dict[str, Value] = {}
    values = PlaceValues(place, named)
    for name, node in rule.named:
        named[name] = evaluate(node, values)
    conditions = _judged(rule.when, values)
    confidence = evaluate(rule.confidence, values) if all(one.held for one in conditions) else 0.0
    bounded = min(1.0, max(0.0, float(confidence or 0.0)))
    return Trial(rule=rule, place=place, conditions=conditions, confidence=bounded, values=values)


def _judged(when: Sequence[Node], values: PlaceValues) -> tuple[Condition, ...]:
    """Every condition with its number, those behind a failed one too: that is what ``explain`` shows."""
    return tuple(judge(node, values) for node in when)


def as_evidence(condition: Condition) -> FindingEvidence:
    """A condition as the findings document shows it."""
    value = condition.value
    return FindingEvidence(
        condition=condition.text,
        value=value if isinstance(value, bool) or value is None else rounded(value),
        threshold=condition.threshold,
        unit=_unit(condition.measured),
        source=_source(condition.measured),
        held=condition.held,
    )


def rounded(value: float) -> float:
    """The value to a fixed number of significant digits."""
    return float(f"{value:.{DIGITS}g}")


def _unit(node: Node) -> str:
    return FUNCTIONS[node.function].signature.unit if isinstance(node, Call) else ""


def _source(node: Node) -> str:
    kinds = sorted(_kinds(node))
    return ", ".join(kinds) if kinds else "run"


def _kinds(node: Node) -> set[str]:
    found: set[str] = set()
    if isinstance(node, Call):
        found |= FUNCTIONS[node.function].signature.needs & set(KINDS)
    for part in parts_of(node):
        found |= _kinds(part)
    return found
