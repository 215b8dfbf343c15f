"""Summaries and ratios in words, with an origin that can't be overlooked."""

from __future__ import annotations

from assay.record.documents.report import Compared, Figure, Side, Summary
from assay.record.enums import Phase
from assay.record.words.numbers import estimate_text, missing_text, number_text, significant

_ORIGIN_WORDS = {"measured": "measured by", "derived": "derived from", "estimated": "estimated by"}


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
        return missing_text(summary.reason)
    text = number_text(summary.median, unit)
    return estimate_text(text) if summary.origin == "estimated" else text


def spread_text(summary: Summary, unit: str) -> str:
    """Lowest to highest of several runs; empty for one run, and where all are equal."""
    if summary.low is None or summary.high is None or summary.low == summary.high:
        return ""
    return f"{number_text(summary.low, unit)} – {number_text(summary.high, unit)}"


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
