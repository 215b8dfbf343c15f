"""Conditions of a rule: one comparison a parameter, all of which must hold, such as ``> 1`` or ``> $max_tokens``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Compare = Callable[[Any, Any], bool]

_FORM = re.compile(r"(>=|<=|!=|>|<|=|in|not in|multiple of|not multiple of) (.+)")
_BARE: Mapping[str, Callable[[Any], bool]] = {
    "set": lambda value: value is not None,
    "unset": lambda value: value is None,
    "on": lambda value: value is True or str(value) == "1",
    "off": lambda value: value is False or str(value) == "0",
    "not on": lambda value: not (value is True or str(value) == "1"),
    "empty": lambda value: value is not None and isinstance(value, Sequence | Mapping) and not value,
    "filled": lambda value: bool(value) and isinstance(value, Sequence | Mapping),
}


def _ordered(compare: Callable[[float, float], bool]) -> Compare:
    def judge(value: Any, other: Any) -> bool:
        numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (value, other))
        return numbers and compare(value, other)

    return judge


def _same(value: Any, other: Any) -> bool:
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other or str(value).lower() == str(other).lower()
    if isinstance(value, int | float) and isinstance(other, int | float):
        return value == other
    return value is not None and str(value) == str(other)


_COMPARE: Mapping[str, Compare] = {
    ">": _ordered(lambda a, b: a > b),
    "<": _ordered(lambda a, b: a < b),
    ">=": _ordered(lambda a, b: a >= b),
    "<=": _ordered(lambda a, b: a <= b),
    "multiple of": _ordered(lambda a, b: b != 0 and a % b == 0),
    "not multiple of": _ordered(lambda a, b: b != 0 and a % b != 0),
    "=": _same,
    "!=": lambda value, other: value is not None and not _same(value, other),
    "in": lambda value, other: any(_same(value, one) for one in other),
    "not in": lambda value, other: value is not None and not any(_same(value, one) for one in other),
}


@dataclass(frozen=True)
class Condition:
    """One comparison with the value of a parameter."""

    text: str
    sign: str
    operand: Any = None
    """What it is compared with; a name after ``$`` is another parameter."""

    def holds(self, values: Mapping[str, Any], name: str) -> bool:
        """Whether it holds for what was given; a parameter that was not given is None."""
        value = values.get(name)
        if self.sign in _BARE:
            return _BARE[self.sign](value)
        return _COMPARE[self.sign](value, self._other(values))

    @property
    def refers_to(self) -> str | None:
        """The other parameter it speaks of."""
        named = isinstance(self.operand, str) and self.operand.startswith("$")
        return self.operand[1:] if named else None

    def _other(self, values: Mapping[str, Any]) -> Any:
        return self.operand if self.refers_to is None else values.get(self.refers_to)


def parse_condition(text: str) -> Condition:
    """The condition that the text says, or a ValueError that says what is wrong with it."""
    if text in _BARE:
        return Condition(text, text)
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no condition; write one of {', '.join(_BARE)}, or a comparison such as '> 1'")
    sign, operand = match.groups()
    if sign in {"in", "not in"}:
        return Condition(text, sign, tuple(_literal(word.strip()) for word in operand.split(",")))
    return Condition(text, sign, _literal(operand))


def _literal(word: str) -> Any:
    if word in {"true", "false"}:
        return word == "true"
    for number in (int, float):
        try:
            return number(word)
        except ValueError:
            continue
    return word
