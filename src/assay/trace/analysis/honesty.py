"""Whether times per layer were taken at each layer, or computed from a total: nothing but the numbers is believed.

Division leaves three kinds of traces: all layers of a token alike; all in one fixed proportion, such as that of their
operations; or such a proportion with noise put on top. What is measured differs from each: no two layers agree to the
nanosecond, proportions move from token to token, some steps are delayed alone, and short steps scatter more than long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.record.documents.inference.trace import Measuredness
from assay.trace.analysis.frame import NONE
from assay.trace.analysis.sample import Matrix, Sample

Reals = npt.NDArray[np.float64]

_ROUNDING_NS = 2.0
"""Two numbers that came from one division differ by no more."""
_RELATIVE = 1e-5
_NEARLY_ALL = 0.95
_FEWEST_TOKENS = 5
_FEWEST_CELLS = 200
"""Fewest times from which scatter is judged."""
_MANY_CELLS = 1000
"""From so many on, even scatter without a single delay is enough by itself."""
_DELAYED = 6.0
"""A time so many deviations above its like was delayed on its own; of a million normal ones, none is."""
_UNEVEN = 2.5
"""Scales that differ by more times what chance makes of one and the same are different."""
_SCALE = 1.4826
"""Standard deviation of normal values over the median of their absolute deviations."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The answer and what it rests on."""

    measured: Measuredness
    reasons: tuple[str, ...]


def judge(sample: Sample, *, stated: bool) -> Finding:
    """The answer for a trace; ``stated`` says that the file itself calls its times computed."""
    if stated:
        reason = "the file says itself that its times were computed"
        return Finding(measured=Measuredness.NOT_MEASURED, reasons=(reason,))
    judged: list[Finding] = []
    for phase in sample.phases():
        matrix = sample.matrix(phase)
        if matrix is not None and len(np.unique(matrix.layer[matrix.layer != NONE])) >= 2:
            judged.append(_of_phase(matrix))
    divided = [each for each in judged if each.measured is Measuredness.NOT_MEASURED]
    known = [each for each in judged if each.measured is Measuredness.MEASURED]
    if divided or known:
        return (divided or known)[0]
    reason = "too few tokens with times of two or more layers to tell"
    return judged[0] if judged else Finding(measured=Measuredness.UNKNOWN, reasons=(reason,))


def _of_phase(matrix: Matrix) -> Finding:
    exact = [reason for reason in (_all_alike(matrix), _one_proportion(matrix)) if reason]
    if exact:
        return Finding(measured=Measuredness.NOT_MEASURED, reasons=tuple(exact))
    tokens, cells = matrix.wall_ns.shape
    if tokens < _FEWEST_TOKENS or tokens * cells < _FEWEST_CELLS:
        reason = f"{tokens} tokens of {cells} steps are too few to tell measured times from computed ones"
        return Finding(measured=Measuredness.UNKNOWN, reasons=(reason,))
    return _scatter(matrix)


def _all_alike(matrix: Matrix) -> str:
    """Layers of one step that take the same time in every token."""
    for step in np.unique(matrix.step).tolist():
        times = matrix.wall_ns[:, (matrix.step == step) & (matrix.layer != NONE)]
        if times.shape[1] < 3 or np.median(times) < 50 * _resolution(matrix.wall_ns):
            continue
        same = np.ptp(times, axis=1) <= _ROUNDING_NS
        if same.mean() >= _NEARLY_ALL:
            return (
                f"all {times.shape[1]} layers of a token take the same time to the nanosecond, in {len(times)} tokens"
            )
    return ""


def _one_proportion(matrix: Matrix) -> str:
    """Every token is the same trace, larger or smaller."""
    times = matrix.wall_ns
    if len(times) < 3 or times.shape[1] < 3 or np.median(times) < 50 * _resolution(times):
        return ""
    totals = times.sum(axis=1, keepdims=True)
    shares = np.median(times / np.maximum(totals, 1), axis=0)
    off = np.abs(times - totals * shares)
    if (off <= _ROUNDING_NS + _RELATIVE * times).mean() < _NEARLY_ALL:
        return ""
    words = _proportion_words(matrix, shares)
    return f"in all {len(times)} tokens steps share the total in one fixed proportion{words}"


def _proportion_words(matrix: Matrix, shares: Reals) -> str:
    flops = np.median(matrix.flops, axis=0)
    known = np.isfinite(flops) & (flops > 0) & (shares > 0)
    if known.sum() < 3:
        return ""
    rates = shares[known] / flops[known]
    return ", that of their operations" if np.ptp(rates) <= 1e-3 * rates.max() else ""


def _scatter(matrix: Matrix) -> Finding:
    """Whether what is left beside totals and proportions looks like delays, or like noise that was added."""
    found = [each for each in (_left(matrix, per_operation=way) for way in (False, True)) if each is not None]
    for each in found:
        others = [sign for sign in (each.by_operations, _spread_shocks(matrix, each), _no_gaps(matrix)) if sign]
        if each.delays == 0 and each.is_even and (others or each.scaled.size >= _MANY_CELLS):
            signs = (
                f"none of {each.scaled.size:,} times was delayed on its own",
                f"all {len(each.scales)} steps scatter alike, by {np.median(each.scales):.1%}, long and short ones",
            )
            return Finding(measured=Measuredness.NOT_MEASURED, reasons=(*signs, *others))
    if not found:
        reason = "the times are too coarse to tell measured ones from computed ones"
        return Finding(measured=Measuredness.UNKNOWN, reasons=(reason,))
    delays = min(each.delays for each in found)
    reason = (
        f"{delays:,} of {found[0].scaled.size:,} times were delayed on their own, as only clocks at each layer show"
    )
    if not delays:
        reason = "proportions of layers move from token to token, and steps scatter by different amounts"
    return Finding(measured=Measuredness.MEASURED, reasons=(reason,))


@dataclass(frozen=True, kw_only=True)
class _Left:
    """What is left of the logarithms of times without the typical one of each token and of each step."""

    scaled: Reals
    """In standard deviations of its step, or of all steps where these are larger."""
    scales: Reals
    """These deviations, one a step."""
    delays: int
    is_even: bool
    by_operations: str
    """A sentence where steps of different kinds all do the same number of operations a second."""


def _left(matrix: Matrix, *, per_operation: bool) -> _Left | None:
    """None where too few steps are long enough for their scatter to be more than rounding."""
    times, flops = matrix.wall_ns, matrix.flops
    usable = np.median(times, axis=0) >= 400 * _resolution(times)
    if per_operation:
        usable &= (np.isfinite(flops) & (flops > 0)).all(axis=0)
    if usable.sum() < 3 or usable.sum() * len(times) < _FEWEST_CELLS:
        return None
    logs = np.log(np.maximum(times[:, usable], 1.0))
    rates = logs - np.log(flops[:, usable]) if per_operation else logs
    rest = _polished(rates) if per_operation else _without_trend(_polished(rates), matrix.depth)
    scales = np.maximum(_SCALE * np.median(np.abs(rest), axis=0), 1e-9)
    scaled = rest / np.maximum(scales, np.median(scales))
    return _Left(
        scaled=scaled,
        scales=scales,
        delays=int((scaled > _DELAYED).sum()),
        is_even=_is_even(rest, scales),
        by_operations=_by_operations(rates, flops[:, usable], rest) if per_operation else "",
    )


def _polished(logs: Reals) -> Reals:
    """What is left without the median of each token and of each step."""
    rest = logs.copy()
    for _ in range(4):
        rest -= np.median(rest, axis=1, keepdims=True)
        rest -= np.median(rest, axis=0, keepdims=True)
    return rest


def _without_trend(rest: Reals, depth: npt.NDArray[np.int64]) -> Reals:
    """The same without what grows with the context: a share of attention does, however it was obtained."""
    spread = max(1, int(np.ptp(depth)))
    powers = np.vander((depth - depth.min()) / spread, 3)
    fitted, *_ = np.linalg.lstsq(powers, rest, rcond=None)
    return _polished(rest - powers @ fitted)


def _is_even(rest: Reals, scales: Reals) -> bool:
    """Whether the scales differ no more than those of the same noise would by chance, by one of two estimates."""
    tokens = len(rest)
    deviations = np.maximum(rest.std(axis=0), 1e-9)
    by_chance = ((scales, 1.17**2 / tokens), (deviations, 0.71**2 / tokens))
    return any(np.var(np.log(each), ddof=1) <= _UNEVEN * variance for each, variance in by_chance)


def _by_operations(rates: Reals, flops: Reals, rest: Reals) -> str:
    if np.ptp(np.log(np.median(flops, axis=0))) < 0.1:
        return ""
    typical = np.median(rates - np.median(rates, axis=1, keepdims=True), axis=0)
    error = 1.25 * _SCALE * np.median(np.abs(rest)) / np.sqrt(len(rates))
    if np.ptp(typical) > 8 * error + 0.003:
        return ""
    return "steps of different kinds do the same number of operations a second, as far as the noise lets see"


def _spread_shocks(matrix: Matrix, left: _Left) -> str:
    """Whether tokens that took much longer did so in all of their steps alike."""
    totals = np.log(matrix.wall_ns.sum(axis=1))
    off = totals - np.median(totals)
    scale = _SCALE * np.median(np.abs(off))
    shocked = np.flatnonzero((off > 6 * scale) & (off > 0.1))
    if len(shocked) < 3 or (np.abs(left.scaled[shocked]) > _DELAYED).any():
        return ""
    return f"{len(shocked)} tokens took much longer than others, and all of their steps did so alike"


def _no_gaps(matrix: Matrix) -> str:
    """Whether each step starts at the very nanosecond at which the one before ended."""
    ends = matrix.start_ns + matrix.wall_ns.astype(np.int64)
    gaps = matrix.start_ns[:, 1:] - ends[:, :-1]
    return "no time passes between one step and the next" if (np.abs(gaps) <= 1).mean() > 0.99 else ""


def _resolution(times: Reals) -> float:
    """The step in which the times are given."""
    return float(np.gcd.reduce(times.astype(np.int64).ravel())) or 1.0
