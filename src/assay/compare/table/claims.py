"""Claims in words: ``layer=3 step=FFN -2%`` names a place and says by how much it changes at least."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Sequence

from assay.compare.asked import metric_named
from assay.compare.structure.cell import ALL_STEPS, label_of
from assay.errors import UsageError
from assay.record.base import Record
from assay.record.documents.comparison import Cell
from assay.record.metrics import BY_NAME

_FIELDS = {
    "layer": "layer",
    "step": "name",
    "function": "name",
    "name": "name",
    "case": "name",
    "experiment": "name",
    "phase": "phase",
    "device": "device",
    "op": "op",
    "file": "file",
}
"""Words before the equals sign, and the part of a cell that they are about."""
_CHANGE = re.compile(r"([+-])(\d+(?:\.\d+)?|\.\d+)\s*%")
_EXAMPLE = "write for example 'layer=3 step=FFN -2%', or 'wall -5%' for the whole"


class Claim(Record, kw_only=True):
    """A claim, read."""

    text: str
    """Its words."""
    metric: str | None
    """The metric it is about; None where it does not say."""
    where: tuple[tuple[str, str], ...]
    """Parts of the cell that it names; empty for the whole."""
    change: float
    """At least this relative change: -0.02 is 2 % less."""


def read_claim(text: str) -> Claim:
    """The claim that the words make; the error says what is wrong with them."""
    words, change = _without_change(text)
    where: dict[str, str] = {}
    metric = None
    for word in words:
        key, sign, value = word.partition("=")
        if not sign and word != "total":
            metric = _metric(word, text)
        elif key == "metric":
            metric = _metric(value, text)
        elif sign:
            _put(where, key, value, text)
    return Claim(text=" ".join(text.split()), metric=metric, where=tuple(sorted(where.items())), change=change)


def cells_meant(claim: Claim, cells: Sequence[Cell]) -> tuple[int, ...]:
    """Numbers of the cells that the claim names."""
    return tuple(number for number, cell in enumerate(cells) if all(_is(cell, part, of) for part, of in claim.where))


def nearest(claim: Claim, cells: Sequence[Cell]) -> str:
    """What may have been meant by a claim that names no cell."""
    wanted = " ".join(value for _, value in claim.where)
    close = difflib.get_close_matches(wanted, [label_of(cell) for cell in cells], n=1, cutoff=0.3)
    return f"did you mean {close[0]!r}?" if close else "the table lists every cell there is"


def _is(cell: Cell, part: str, value: str) -> bool:
    if part == "layer":
        return cell.layer is not None and str(cell.layer) == value
    return str(getattr(cell, part)) == value or (part == "name" and value == ALL_STEPS)


def _without_change(text: str) -> tuple[list[str], float]:
    found = _CHANGE.findall(text)
    if len(found) != 1:
        what = "does not say by how much" if not found else "says several times by how much"
        raise UsageError(f"the claim {what}", where=text, remedy=_EXAMPLE)
    sign, digits = found[0]
    share = float(digits) / 100.0
    if sign == "-" and share >= 1.0:
        raise UsageError("nothing can take less than no time", where=text, remedy="claim less than 100 %")
    try:
        words = shlex.split(_CHANGE.sub(" ", text))
    except ValueError as error:
        raise UsageError(f"the claim can't be read: {error}", where=text, remedy=_EXAMPLE) from error
    return words, -share if sign == "-" else share


def _metric(word: str, text: str) -> str:
    name = metric_named(word)
    if name in BY_NAME or name == "flops":
        return name
    close = difflib.get_close_matches(word, [*BY_NAME, *_FIELDS], n=1)
    remedy = f"did you mean {close[0]!r}?" if close else _EXAMPLE
    raise UsageError(f"there is no metric {word!r}", where=text, remedy=remedy)


def _put(where: dict[str, str], key: str, value: str, text: str) -> None:
    if key not in _FIELDS:
        close = difflib.get_close_matches(key, list(_FIELDS), n=1)
        remedy = f"did you mean {close[0]!r}?" if close else f"parts are: {', '.join(_FIELDS)}"
        raise UsageError(f"a cell has no {key!r}", where=text, remedy=remedy)
    part = _FIELDS[key]
    if not value or part in where or (part == "layer" and not value.isdecimal()):
        raise UsageError(f"{key}={value} can't be read", where=text, remedy=_EXAMPLE)
    where[part] = str(int(value)) if part == "layer" else value
