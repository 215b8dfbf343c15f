"""Quantities of a record in words: an interval is shown, an estimate marked, a gap explained."""

from __future__ import annotations

from assay.record.base import Estimated, Missing, Quantity
from assay.record.words.numbers import estimate_text, missing_text, number_text


def quantity_text(quantity: Quantity, unit: str) -> str:
    """The number in words."""
    if isinstance(quantity, Missing):
        return missing_text(quantity.reason)
    text = number_text(quantity.value, unit)
    if isinstance(quantity, Estimated):
        text = estimate_text(text)
    if quantity.low is not None and quantity.high is not None:
        text += f" ({number_text(quantity.low, unit)} to {number_text(quantity.high, unit)})"
    return text


def seconds_text(value: float | None) -> str:
    """A duration; a dash where there is none."""
    return "-" if value is None else number_text(value, "s")
