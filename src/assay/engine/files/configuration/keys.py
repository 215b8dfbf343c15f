"""A JSON object read key by key, each value checked for its type, with an error that names file and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from assay.errors import ModelError


@dataclass(frozen=True, kw_only=True)
class Keys:
    """An object of a file, and what its missing keys stand for."""

    found: Mapping[str, Any]
    """What the file says."""
    defaults: Mapping[str, Any]
    """Every key that may be read, with the value where the file says nothing."""
    where: str
    """The file, for errors."""
    inside: str = ""
    """The key that the object stands under, with a dot."""

    def integer(self, key: str) -> int:
        """A whole number of at least zero."""
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
            raise self.wrong(key, f"must be a whole number from 0 to {2**31 - 1}")
        return value

    def number(self, key: str) -> float:
        """A finite number."""
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e30:
            raise self.wrong(key, "must be a number")
        return float(value)

    def flag(self, key: str) -> bool:
        """True or false; null is false."""
        value = self.value(key)
        if not isinstance(value, bool | None):
            raise self.wrong(key, "must be true or false")
        return bool(value)

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, one alone, or none for null."""
        value = self.value(key)
        values = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 2**31 for one in values):
            raise self.wrong(key, "must be a whole number or a list of them")
        return tuple(values)

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of positive numbers."""
        values = self.value(key)
        if not isinstance(values, list) or not all(
            isinstance(one, int | float) and not isinstance(one, bool) and 0 < one < 1e30 for one in values
        ):
            raise self.wrong(key, "must be a list of positive numbers")
        return tuple(float(one) for one in values)

    def value(self, key: str) -> Any:
        """Whatever the file says, or what its silence stands for."""
        if key in self.found:
            return self.found[key]
        if key not in self.defaults:
            raise self.wrong(key, "is missing")
        return self.defaults[key]

    def value_or_none(self, key: str) -> Any:
        """The same, and null for a key that is not read here."""
        return self.value(key) if key in self.defaults else None

    def has(self, key: str) -> bool:
        """Whether the file gives the key a value."""
        return self.found.get(key) is not None

    def wrong(self, key: str, what: str) -> ModelError:
        """The error for a key: where, what it says, what it must be."""
        said = f" (it is {self._short(self.found[key])})" if key in self.found else ""
        return ModelError(f"`{self.inside}{key}` {what}{said}", where=self.where, remedy="mend the file")

    def unknown(self, key: str) -> ModelError:
        """The error for a key that nothing here reads."""
        near = get_close_matches(key, list(self.defaults), n=1)
        remedy = f"did you mean `{near[0]}`?" if near else "the engine does not have this option"
        value = self._short(self.found[key])
        return ModelError(f"`{self.inside}{key}` is {value}, which is not supported", where=self.where, remedy=remedy)

    @staticmethod
    def _short(value: Any) -> str:
        text = ascii(value)
        return text if len(text) <= 60 else f"{text[:57]}..."
