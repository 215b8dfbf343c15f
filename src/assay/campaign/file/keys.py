"""The keys of a campaign's file: what each has to be, and what holds where it is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.campaign.file.document import Document, Place
from assay.errors import PlanError
from assay.record.base import Record
from assay.settings import closest

ORDERS = ("interleaved", "shuffled", "grouped", "latin_square")
"""Orders of the cells inside each cycle."""
MOST_CYCLES = 100_000
LONGEST_S = 7 * 86_400.0
HOTTEST_C = 150.0


class Rule(Record, kw_only=True):
    """What a key's value has to be."""

    kind: tuple[type, ...]
    wanted: str
    low: float = 0.0
    high: float = LONGEST_S
    choices: tuple[str, ...] = ()


_TEXT, _WHOLE, _SECONDS, _LIST, _TABLE = (str,), (int,), (int, float), (list,), (dict,)
_DURATION = Rule(kind=_SECONDS, wanted="seconds, from 0 to a week")
KEYS: Mapping[str, Rule] = {
    "name": Rule(kind=_TEXT, wanted="letters, digits, dots, dashes and underscores, at most 100"),
    "experiment": Rule(kind=_TABLE, wanted="settings of an experiment, as `assay measure --file` takes them"),
    "axes": Rule(kind=_TABLE, wanted="names with lists of values"),
    "together": Rule(kind=_LIST, wanted="lists of settings that vary together"),
    "when": Rule(kind=_LIST, wanted="blocks with `if` and what holds then"),
    "exclude": Rule(kind=_LIST, wanted="settings whose experiments are left out"),
    "cycles": Rule(kind=_WHOLE, wanted="a whole number from 1", low=1, high=MOST_CYCLES),
    "order": Rule(kind=_TEXT, wanted=f"one of: {', '.join(ORDERS)}", choices=ORDERS),
    "seed": Rule(kind=_WHOLE, wanted="a whole number", high=2**63 - 1),
    "group_by": Rule(kind=_TEXT, wanted="the name of a setting or an axis"),
    "devices": Rule(kind=(list, dict), wanted="names, or names with the variables that choose them"),
    "attempts": Rule(kind=_WHOLE, wanted="a whole number from 1 to 100", low=1, high=100),
    "breaker": Rule(kind=_WHOLE, wanted="failures one after another before a group is held, 0 for never", high=10_000),
    "gap_s": _DURATION,
    "cycle_gap_s": _DURATION,
    "cool": Rule(kind=_TABLE, wanted="`to_c`, and optionally `at_most_s` and `sensor`"),
}
COOL: Mapping[str, Rule] = {
    "to_c": Rule(kind=_SECONDS, wanted=f"degrees Celsius, at most {HOTTEST_C:g}", high=HOTTEST_C),
    "at_most_s": _DURATION,
    "sensor": Rule(kind=_TEXT, wanted="part of a sensor's name"),
}
WHEN: Mapping[str, Rule] = {
    "if": Rule(kind=_TABLE, wanted="settings with the value, or the values, at which the block holds"),
    "experiment": KEYS["experiment"],
    "axes": KEYS["axes"],
    "together": KEYS["together"],
}


def faults_in(
    document: Document, table: Mapping[Any, Any], rules: Mapping[str, Rule], place: Place = ()
) -> Iterator[PlanError]:
    """What is wrong with a table's keys and the kinds of their values."""
    for key, value in table.items():
        here = (*place, key)
        if key not in rules:
            near = closest(str(key), rules)
            remedy = f"did you mean {near!r}?" if near else f"keys are: {', '.join(rules)}"
            yield document.fault(here, f"there is no key {key!r} here", remedy)
        elif not is_allowed(value, rules[key]):
            yield document.fault(here, f"{key} is {shown(value)}", f"give {rules[key].wanted}")


def is_allowed(value: object, rule: Rule) -> bool:
    """Whether a value is what the rule asks for."""
    if isinstance(value, bool) or not isinstance(value, rule.kind):
        return False
    if isinstance(value, int | float):
        return rule.low <= value <= rule.high
    return not rule.choices or value in rule.choices


def shown(value: object) -> str:
    """A value as it is shown in an error."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
