"""Numbers for people: few digits, and a prefix that keeps them short. The record keeps them exact."""

from __future__ import annotations

import math

_DECIMAL = ((1e12, "T"), (1e9, "G"), (1e6, "M"))
_IN_THOUSANDS = ("Hz", "B/s", "FLOP", "FLOP/s")
_SCALES: dict[str, tuple[tuple[float, str], ...]] = {
    "s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")),
    "ms": ((1e3, "s"), (1.0, "ms"), (1e-3, "µs"), (1e-6, "ns")),
    "B": ((2.0**40, "TiB"), (2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B")),
    **{unit: (*((factor, prefix + unit) for factor, prefix in _DECIMAL), (1.0, unit)) for unit in _IN_THOUSANDS},
}
"""Steps of the units that get a prefix, the largest first."""


def number_text(value: float, unit: str) -> str:
    """The value with its unit: three significant digits, or all of a whole number that needs no prefix.

    >>> number_text(0.01234, "s"), number_text(3 * 2**20, "B"), number_text(12345.0, "1")
    ('12.3 ms', '3.00 MiB', '12,345')
    """
    if not math.isfinite(value):
        return f"{value} {_shown(unit)}".rstrip()
    steps = _SCALES.get(unit, ((1.0, unit),))
    factor, name = next((step for step in steps if abs(value) >= step[0]), steps[-1])
    if value == 0.0:
        factor, name = 1.0, unit
    return f"{_digits(value) if factor == 1.0 else significant(value / factor)} {_shown(name)}".rstrip()


def significant(value: float) -> str:
    """Three significant digits, all digits before the point, thousands grouped; an exponent below 0.001 only."""
    if value == 0.0:
        return "0"
    if abs(value) < 1e-3:
        return f"{value:.2e}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"


def count_text(count: int, things: str) -> str:
    """A number of ``things``, a plural in s: ``1 span``, ``12,000 spans``."""
    return f"{count:,} {things.removesuffix('s') if count == 1 else things}"


def missing_text(reason: str) -> str:
    """A number that there is not: never zero, always with its reason."""
    return f"not measured: {reason}"


def estimate_text(text: str) -> str:
    """The words of a number that a model gave, marked as such."""
    return f"about {text}"


def _digits(value: float) -> str:
    return f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else significant(value)


def _shown(unit: str) -> str:
    return "" if unit == "1" else unit
