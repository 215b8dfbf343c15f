"""Numbers in words: few digits, readable units, and an origin that can't be overlooked."""

from __future__ import annotations

import math

from assay.record.documents.report import Compared, Figure, Side, Summary
from assay.record.enums import Phase

_SCALES: dict[str, tuple[tuple[float, str], ...]] = {
    "s": ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")),
    "ms": ((1e3, "s"), (1.0, "ms"), (1e-3, "µs"), (1e-6, "ns")),
    "B": ((2.0**40, "TiB"), (2.0**30, "GiB"), (2.0**20, "MiB"), (2.0**10, "KiB"), (1.0, "B")),
}
_ORIGIN_WORDS = {"measured": "measured by", "derived": "derived from", "estimated": "estimated by"}


def amount(value: float, unit: str) -> str:
    """The value with its unit, three significant digits.

    >>> amount(0.01234, "s"), amount(3 * 2**20, "B"), amount(12345.0, "1")
    ('12.3 ms', '3.00 MiB', '12,345')
    """
    if not math.isfinite(value):
        return str(value)
    steps = _SCALES.get(unit)
    if steps is None:
        return _digits(value) if unit == "1" else f"{_digits(value)} {unit}"
    factor, name = next((step for step in steps if abs(value) >= step[0]), steps[-1])
    if value == 0.0:
        factor, name = 1.0, unit
    text = _digits(value / factor) if name in {"B", unit} and value == int(value) else significant(value / factor)
    return f"{text} {name}"


def significant(value: float) -> str:
    """Three significant digits, all digits before the point, thousands grouped; never an exponent above 0.001."""
    if value == 0.0:
        return "0"
    if abs(value) < 1e-3:
        return f"{value:.2e}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"


def _digits(value: float) -> str:
    return f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else significant(value)


def name_text(figure: Figure) -> str:
    """The metric's name, with device and phase where it has them."""
    phase = "" if figure.phase is Phase.NONE else figure.phase.value
    return " ".join(part for part in (figure.name, figure.device, phase) if part)


def name_beside_label(side: Side, lead: str = " ") -> str:
    """The target's name behind the side's label; nothing where the label is that name."""
    return "" if side.name == side.label else f"{lead}{side.name}"


def summary_text(summary: Summary, unit: str) -> str:
    """A summary in one cell; an estimate is marked, a gap says why."""
    if summary.median is None:
        return f"not measured: {summary.reason}"
    about = "≈ " if summary.origin == "estimated" else ""
    return about + amount(summary.median, unit)


def spread_text(summary: Summary, unit: str) -> str:
    """Lowest to highest of several runs; empty for one run, and where all are equal."""
    if summary.low is None or summary.high is None or summary.low == summary.high:
        return ""
    return f"{amount(summary.low, unit)} – {amount(summary.high, unit)}"


def origin_text(summary: Summary) -> str:
    """Where the number comes from, in words."""
    if summary.median is None:
        return "—"
    lead = _ORIGIN_WORDS.get(summary.origin, summary.origin)
    return f"{lead} {summary.source}".strip()


def ratio_text(compared: Compared) -> str:
    """The ratio as a factor with its interval, or that there is none."""
    if compared.ratio is None:
        return "no ratio"
    text = f"× {significant(compared.ratio)}"
    if compared.low is None or compared.high is None:
        return text
    return f"{text} (95 %: {significant(compared.low)} – {significant(compared.high)})"


def speed_text(ratio: float) -> str:
    """A ratio of times in words.

    >>> speed_text(0.25), speed_text(1.1), speed_text(3.0)
    ('4.00 times as fast', '10.0 % more time', '3.00 times the time')
    """
    if 0.5 < ratio < 2.0:
        return f"{abs(ratio - 1.0) * 100.0:.1f} % {'less' if ratio < 1.0 else 'more'} time"
    return f"{significant(1.0 / ratio)} times as fast" if ratio < 1.0 else f"{significant(ratio)} times the time"
