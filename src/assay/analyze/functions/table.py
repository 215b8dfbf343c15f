"""All functions of the language, and what expressions may name."""

from __future__ import annotations

from collections.abc import Mapping

from assay.analyze.evidence.series import METRICS
from assay.analyze.functions import code, series, time, tree
from assay.analyze.functions.declare import Function, Place
from assay.analyze.grammar import Kind, Vocabulary
from assay.analyze.grammar.evaluate import Argument, Value
from assay.record.diagnosis.findings import Clock

FUNCTIONS: dict[str, Function] = {
    **time.GROUP.table,
    **code.GROUP.table,
    **series.GROUP.table,
    **tree.GROUP.table,
}
"""Every function by name."""


def vocabulary(values: Mapping[str, Kind]) -> Vocabulary:
    """What an expression may name, with the values that its rule has named."""
    return Vocabulary(
        functions={name: function.signature for name, function in FUNCTIONS.items()},
        clocks=tuple(clock.value for clock in Clock),
        metrics=METRICS,
        values=values,
    )


class PlaceValues:
    """The data of one place, for expressions; each call is computed once."""

    def __init__(self, place: Place, named: Mapping[str, Value]) -> None:
        self._place = place
        self._named = named
        self._known: dict[tuple[str, tuple[Argument, ...]], Value] = {}

    def call(self, function: str, arguments: tuple[Argument, ...]) -> Value:
        """What the function comes to at the place."""
        key = (function, arguments)
        if key not in self._known:
            self._known[key] = FUNCTIONS[function].compute(self._place, *arguments)
        return self._known[key]

    def named(self, name: str) -> Value:
        """A value the rule has named."""
        return self._named.get(name)
