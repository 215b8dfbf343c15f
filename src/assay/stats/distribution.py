"""Exact summary of durations that are all at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PERCENTILES = (50, 90, 95, 99)
FEWEST_SAMPLES = {50: 5, 90: 20, 95: 40, 99: 200}
"""Fewest durations from which a percentile is stated: two of them lie beyond it, and five make a median.

With fewer, the percentile would be the maximum under another name, or one chance value beside it.
"""

DECILES = tuple(i / 10 for i in range(11))
FEWEST_FOR_SIGNATURE = 20
"""Fewest durations behind a signature: two in each tenth."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Durations of a repeated thing; a percentile that is None has its reason."""

    count: int
    total_ns: int
    mean_ns: float
    min_ns: int
    max_ns: int
    p50_ns: float | None
    p90_ns: float | None
    p95_ns: float | None
    p99_ns: float | None
    reason: str


def summarise(durations_ns: Sequence[int] | npt.NDArray[np.integer]) -> Summary | None:
    """Count, sum, extremes and percentiles, interpolated as ``numpy.quantile`` does; None for no durations."""
    values = np.asarray(durations_ns, dtype=np.int64)
    if not len(values):
        return None
    enough = [p for p in PERCENTILES if len(values) >= FEWEST_SAMPLES[p]]
    found = dict(zip(enough, np.percentile(values, enough).tolist(), strict=True)) if enough else {}
    total_ns = sum(values.tolist()) if values.max() > _SAFE_NS else int(values.sum())
    return Summary(
        count=len(values),
        total_ns=total_ns,
        mean_ns=total_ns / len(values),
        min_ns=int(values.min()),
        max_ns=int(values.max()),
        p50_ns=found.get(50),
        p90_ns=found.get(90),
        p95_ns=found.get(95),
        p99_ns=found.get(99),
        reason=_reason(len(values)),
    )


_SAFE_NS = 1 << 32
"""Longest duration of which two thousand million can be added up in 64 bits."""


def _reason(count: int) -> str:
    missing = [p for p in PERCENTILES if count < FEWEST_SAMPLES[p]]
    if not missing:
        return ""
    needs = ", ".join(f"p{p} needs {FEWEST_SAMPLES[p]}" for p in missing)
    return f"{count} {'sample' if count == 1 else 'samples'}: {needs}"


def deciles(durations_ns: Sequence[int] | npt.NDArray[np.integer]) -> tuple[float, ...] | None:
    """Minimum, nine deciles, maximum: the shape of a distribution; None where too few durations give it no shape."""
    values = np.asarray(durations_ns)
    if len(values) < FEWEST_FOR_SIGNATURE:
        return None
    return tuple(np.quantile(values, DECILES).tolist())
