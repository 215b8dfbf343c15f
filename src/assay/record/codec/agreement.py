"""The published schema's own verdict, by the ``jsonschema`` library, in bounded time.

The library needs about 0.1 ms a value, far too long for 100,000 rows. But the schema can't tell most rows apart: it
sees a type, an enumeration, a range, a length or a pattern. Two values that are alike in all of these get the same
verdict, so of each kind of row in a long list only the first is shown to the library. The rule is exact as long as
the schema uses no other keyword; ``KEYWORDS`` lists those that it covers, and a test holds the schema to them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat
from typing import Any

import msgspec

from assay.record.codec.text import Fault
from assay.record.schema import published_schema

KEYWORDS = frozenset(
    {
        *("$schema", "$id", "$ref", "$defs", "$comment", "title", "description", "default", "format"),
        *("type", "enum", "const", "anyOf", "discriminator", "properties", "required", "additionalProperties"),
        *("items", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minLength", "maxLength", "pattern"),
    }
)
"""Every keyword the published schema may use; each is either an annotation or seen by ``Kinds``."""

_REMEMBERED = 100_000
_SUBSCHEMAS = frozenset({"$defs", "properties"})
_ANNOTATIONS = frozenset({"default", "discriminator"})


def schema_fault(data: bytes) -> Fault | None:
    """What the published schema refuses in a document that is well-formed."""
    places: dict[str, list[int]] = {}
    document = _kinds().thinned(msgspec.json.decode(data), "", places)
    error = next(_validator().iter_errors(document), None)
    if error is None:
        return None
    while error.context:  # of a union's branches, the one that came furthest
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return Fault(what=error.message, pointer=_original([*error.absolute_path, *_missing(error)], places))


def _missing(error: Any) -> list[str]:
    """The field that is required and missing: the place where it belongs is named."""
    if error.validator != "required":
        return []
    return [next(name for name in error.validator_value if name not in error.instance)]


def constraints(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every keyword of the schema at any level, with its value."""
    if isinstance(schema, list):
        for item in schema:
            yield from constraints(item)
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        yield keyword, value
        if keyword in _SUBSCHEMAS:
            yield from constraints(list(value.values()))
        elif keyword not in _ANNOTATIONS:
            yield from constraints(value)


def _original(path: list[Any], places: dict[str, list[int]]) -> str:
    """The pointer in the full document of a place in the thinned one."""
    thinned = full = ""
    for part in path:
        kept = places.get(thinned)
        full += f"/{kept[part] if kept is not None else part}"
        thinned += f"/{part}"
    return full


class Kinds:
    """Tells which values a schema can't tell apart."""

    def __init__(self, schema: dict[str, Any]) -> None:
        found: dict[str, list[Any]] = {}
        for keyword, value in constraints(schema):
            found.setdefault(keyword, []).append(value)
        numbers = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        self._words = {word for words in found.get("enum", []) for word in words} | set(found.get("const", []))
        self._numbers = sorted({value for keyword in numbers for value in found.get(keyword, [])})
        self._lengths = sorted({value for keyword in ("minLength", "maxLength") for value in found.get(keyword, [])})
        self._patterns = {name: _patterns(rules) for name, rules in _rules_by_name(schema).items()}
        self._texts: dict[str, dict[str, Hashable]] = {}
        self._counts: dict[type, dict[float, Hashable]] = {int: {}, float: {}}
        self._always_kept = 1 + max(v for keyword in ("minItems", "maxItems") for v in found.get(keyword, [0]))

    def thinned(self, value: Any, pointer: str, places: dict[str, list[int]]) -> Any:
        """The value with repeated kinds left out of its long lists.

        ``places`` receives, per shortened list, the original place of every item that stayed.
        """
        if isinstance(value, dict):
            return {key: self.thinned(item, f"{pointer}/{key}", places) for key, item in value.items()}
        if not isinstance(value, list):
            return value
        kept: Sequence[int] = range(len(value))
        if len(value) > self._always_kept:
            kept = places[pointer] = self._first_of_each_kind(value, pointer.rpartition("/")[2])
        return [self.thinned(value[number], f"{pointer}/{place}", places) for place, number in enumerate(kept)]

    def kind(self, value: Any, name: str) -> Hashable:
        """Equal for two values of a field of that name only if the schema gives both the same verdict."""
        if isinstance(value, str):
            kind = self._texts.setdefault(name, {}).get(value)
            return self._kind_of_text(value, name) if kind is None else kind
        if isinstance(value, dict):
            return (tuple(value), tuple([self.kind(item, key) for key, item in value.items()]))
        if isinstance(value, list):
            return (min(len(value), self._always_kept), frozenset([self.kind(item, name) for item in value]))
        if value is None or isinstance(value, bool):
            return f"{value}"
        kind = self._counts[type(value)].get(value)
        return self._kind_of_number(value) if kind is None else kind

    def _first_of_each_kind(self, items: list[Any], name: str) -> list[int]:
        first: dict[Hashable, int] = {}
        for number, kind in enumerate(self._kinds_of(items, name)):
            first.setdefault(kind, number)
        return sorted({*range(self._always_kept), *first.values()})

    def _kinds_of(self, items: list[Any], name: str) -> Iterable[Hashable]:
        """The kind of each item of a list, as exact as ``kind`` gives it; like values of a column take one step."""
        types = set(map(type, items))
        if types == {str}:
            return self._kinds_of_texts(items, name)
        if types in ({int}, {float}) and self._kind_of_number(min(items)) == self._kind_of_number(max(items)):
            return repeat(self._kind_of_number(items[0]), len(items))
        if types == {dict} and len(keys := set(map(tuple, items))) == 1:
            columns = [self._kinds_of([item[key] for item in items], key) for key in next(iter(keys))]
            return zip(*columns, strict=True) if columns else repeat((), len(items))
        return (self.kind(item, name) for item in items)

    def _kinds_of_texts(self, texts: list[str], name: str) -> Iterable[Hashable]:
        lengths = {n: (bisect_left(self._lengths, n), bisect_right(self._lengths, n)) for n in set(map(len, texts))}
        words = self._words.intersection(texts)
        found = [
            [match is not None for match in map(pattern.search, texts)] for pattern in self._patterns.get(name, ())
        ]
        plain = (text if text in words else None for text in texts) if words else repeat(None, len(texts))
        return zip(map(lengths.__getitem__, map(len, texts)), plain, *found, strict=True)

    def _kind_of_text(self, text: str, name: str) -> Hashable:
        lengths = bisect_left(self._lengths, len(text)), bisect_right(self._lengths, len(text))
        matches = tuple([pattern.search(text) is not None for pattern in self._patterns.get(name, ())])
        kind = (lengths, matches, text if text in self._words else None)
        if len(self._texts[name]) < _REMEMBERED:
            self._texts[name][text] = kind
        return kind

    def _kind_of_number(self, number: float) -> Hashable:
        kind = (type(number), bisect_left(self._numbers, number), bisect_right(self._numbers, number))
        remembered = self._counts[type(number)]
        if len(remembered) < _REMEMBERED:
            remembered[number] = kind
        return kind


def _rules_by_name(schema: dict[str, Any]) -> dict[str, list[Any]]:
    """All that the schema says about fields of one name, wherever they stand."""
    rules: dict[str, list[Any]] = {}
    for keyword, value in constraints(schema):
        if keyword == "properties":
            for name, rule in value.items():
                rules.setdefault(name, []).append(rule)
    return rules


def _patterns(rules: list[Any]) -> list[re.Pattern[str]]:
    found = {value for keyword, value in constraints(rules) if keyword == "pattern"}
    return [re.compile(pattern) for pattern in sorted(found)]


@cache
def _kinds() -> Kinds:
    return Kinds(published_schema())


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(published_schema())
