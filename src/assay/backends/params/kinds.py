"""What values a parameter takes, in a few words: ``int >= 1 or null``, ``one of auto, fp8``, ``list of text``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LIMIT = re.compile(r"(>=|<=|>|<) (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_WORDS: Mapping[str, Callable[[Any], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "text": lambda value: isinstance(value, str),
    "null": lambda value: value is None,
    "list": lambda value: isinstance(value, Sequence) and not isinstance(value, str),
    "mapping": lambda value: isinstance(value, Mapping),
    "object": lambda value: not isinstance(value, bool | int | float | str),
}
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    ">=": lambda value, limit: value >= limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    "<": lambda value, limit: value < limit,
}


@dataclass(frozen=True)
class Alternative:
    """One of the things a value may be."""

    word: str
    """``bool``, ``int``, ``float``, ``text``, ``null``, ``list``, ``mapping``, ``object`` or ``one of``."""
    limits: tuple[tuple[str, float], ...] = ()
    choices: tuple[str, ...] = ()
    inner: Alternative | None = None
    """What a list holds; None where anything."""

    def takes(self, value: Any) -> bool:
        """Whether the value is one of these."""
        if self.word == "one of":
            return str(value) in self.choices
        if not _WORDS[self.word](value):
            return False
        if self.inner is not None:
            return all(self.inner.takes(item) for item in value)
        return all(_COMPARED[sign](value, limit) for sign, limit in self.limits)


@dataclass(frozen=True)
class Kind:
    """Everything a value may be."""

    text: str
    alternatives: tuple[Alternative, ...]

    def takes(self, value: Any) -> bool:
        """Whether a value is allowed."""
        return any(alternative.takes(value) for alternative in self.alternatives)

    @property
    def choices(self) -> tuple[str, ...]:
        """All names it lists."""
        return tuple(choice for alternative in self.alternatives for choice in alternative.choices)


def parse_kind(text: str) -> Kind:
    """The kind that the text says, or a ValueError that says what is wrong with it."""
    return Kind(text, tuple(_alternative(part.strip()) for part in text.split(" or ")))


def _alternative(text: str) -> Alternative:
    if text.startswith("one of "):
        choices = tuple(choice.strip() for choice in text.removeprefix("one of ").split(","))
        if not all(choices) or len(set(choices)) < len(choices):
            raise ValueError(f"{text!r} lists nothing, or something twice")
        return Alternative("one of", choices=choices)
    if text.startswith("list of "):
        return Alternative("list", inner=_alternative(text.removeprefix("list of ")))
    word, _, rest = text.partition(" ")
    if word not in _WORDS:
        raise ValueError(f"{word!r} is none of {', '.join(_WORDS)}, one of …, list of …")
    limits = tuple((sign, float(number)) for sign, number in _LIMIT.findall(rest))
    if " ".join(f"{sign} {number}" for sign, number in _LIMIT.findall(rest)) != rest or (
        limits and word not in {"int", "float"}
    ):
        raise ValueError(f"{rest!r} is no limit of {word}")
    return Alternative(word, limits=limits)
