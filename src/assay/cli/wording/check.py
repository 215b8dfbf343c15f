"""What of a model's text may be shown: sentences whose every number occurs in the findings, without links or markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from assay.record.base import Record
from assay.record.diagnosis.findings import Findings
from assay.record.words.escape import plain

MOST_CHARACTERS = 6000
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_NUMBER = re.compile(r"\d(?:[\d.,_]*\d)?(?:[eE][+-]?\d+)?")
_LINK = re.compile(
    r"\w+://|www\.|\]\s*\(|!\[|\[[^\]]*\]\s*[:\[]|<\s*[a-z!/]|mailto:|\b[\w-]+\.(com|org|net|io|dev|ai|app|co|xyz)\b",
    re.IGNORECASE,
)
_NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"dozens?|hundreds?|thousands?|millions?|billions?|half|halves|halved?|thirds?|quarters?|twice|thrice|doubled?|tripled?)\b",
    re.IGNORECASE,
)


class Checked(Record, kw_only=True):
    """A model's text after the check."""

    sentences: tuple[str, ...]
    """What may be shown."""
    dropped: int
    """Sentences that were left out."""


def checked(text: str, found: Findings) -> Checked:
    """The sentences that the findings bear out; a number in words can't be looked up, and counts as unknown."""
    known, words = _numbers(found), _words(found)
    sentences = [one.strip() for one in _SENTENCE.split(text[:MOST_CHARACTERS]) if one.strip()]
    kept = [one for one in sentences if _is_borne_out(one, known, words)]
    dropped = len(sentences) - len(kept) + (len(text) > MOST_CHARACTERS)
    return Checked(sentences=tuple(plain(one) for one in kept), dropped=dropped)


def _is_borne_out(sentence: str, known: frozenset[float], words: frozenset[str]) -> bool:
    if _LINK.search(sentence) or any(letter.isnumeric() and letter not in "0123456789" for letter in sentence):
        return False
    if any(word.lower() not in words for word in _NUMBER_WORDS.findall(sentence)):
        return False
    return all(_value(number) in known for number in _NUMBER.findall(sentence))


def _numbers(found: Findings) -> frozenset[float]:
    """Every number of the findings, in their texts too; shares also in per cent, as they are shown."""
    values: set[float] = set()
    for one in _leaves(msgspec.to_builtins(found)):
        if isinstance(one, str):
            values |= {value for number in _NUMBER.findall(one) if (value := _value(number)) is not None}
        elif isinstance(one, int | float) and not isinstance(one, bool):
            values |= {float(one), *(round(100.0 * one, digits) for digits in (0, 1) if 0.0 <= one <= 1.0)}
    return frozenset(values)


def _words(found: Findings) -> frozenset[str]:
    texts = (one for one in _leaves(msgspec.to_builtins(found)) if isinstance(one, str))
    return frozenset(word.lower() for text in texts for word in _NUMBER_WORDS.findall(text))


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from _each(value.values())
    elif isinstance(value, list | tuple):
        yield from _each(value)
    else:
        yield value


def _each(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        yield from _leaves(value)


def _value(number: str) -> float | None:
    try:
        return float(number.replace(",", "").replace("_", ""))
    except ValueError:  # 1.2.3 is a version, no number
        return None
