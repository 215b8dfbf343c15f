"""Numbers for people: few digits, and a prefix that keeps them short. The record keeps them exact."""

from __future__ import annotations

import math

from assay.record.base import Estimated, Missing, Quantity

_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_BYTES = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B"))
_MANY = ((1e12, "T"), (1e9, "G"), (1e6, "M"))
_SCALED_BY_PREFIX = ("FLOP", "FLOP/s", "token", "1", "Hz")


def quantity_text(quantity: Quantity, unit: str) -> str:
    """The number in words: an estimate is marked, a missing one says why."""
    if isinstance(quantity, Missing):
        return f"not measured: {quantity.reason}"
    text = number_text(quantity.value, unit)
    if isinstance(quantity, Estimated):
        text = f"about {text}"
    if quantity.low is not None and quantity.high is not None:
        text += f" ({number_text(quantity.low, unit)} to {number_text(quantity.high, unit)})"
    return text


def number_text(value: float, unit: str) -> str:
    """``value`` with its unit, for reading.

    >>> number_text(0.0123, "s"), number_text(3 * 2**20, "B"), number_text(12, "1")
    ('12.3 ms', '3 MiB', '12')
    """
    if not math.isfinite(value):
        return f"{value} {_shown(unit)}".rstrip()
    if unit == "s":
        return _scaled(value, _SECONDS)
    if unit == "B":
        return _scaled(value, _BYTES)
    if unit in _SCALED_BY_PREFIX and abs(value) >= 1e6:
        return _scaled(value, _MANY).rstrip() + _shown(unit)
    return f"{_digits(value)} {_shown(unit)}".rstrip()


def seconds_text(value: float | None) -> str:
    """A duration; a dash where there is none."""
    return "-" if value is None else number_text(value, "s")


def _scaled(value: float, steps: tuple[tuple[float, str], ...]) -> str:
    factor, name = next((step for step in steps if abs(value) >= step[0]), steps[-1])
    if value == 0:
        factor, name = next(step for step in steps if step[0] == 1)
    return f"{_digits(value / factor)} {name}"


def _digits(value: float) -> str:
    """Three significant digits, more where the whole part has them; thousands are grouped."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    whole = len(str(int(abs(value))))
    if abs(value) >= 1e15 or abs(value) < 1e-3:
        return f"{value:.3g}"
    return f"{value:,.{max(0, 3 - whole)}f}" if abs(value) >= 1 else f"{value:.3g}"


def _shown(unit: str) -> str:
    return "" if unit == "1" else unit
