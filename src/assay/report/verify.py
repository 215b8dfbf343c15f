"""Is a finding gone, and did its going help? A pure judgement over interleaved runs of two commands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from statistics import median

from assay.record.base import Missing
from assay.record.diagnosis.findings import Finding, Findings, Scope
from assay.record.documents.diagnosis import Seen, Verdict
from assay.record.documents.report import Answer, Compared
from assay.record.run import Run
from assay.report.figures import quantity_of
from assay.report.numbers import ratio_text, speed_text

Place = tuple[str, ...]


def seen_in(finding: Finding, side: Sequence[Findings], known: frozenset[Place] = frozenset()) -> Seen:
    """In how many runs it was found: at its place, or at one that is none of the ``known`` places of its pattern."""
    judged = [found for found in side if found.insufficient is None]
    mine = place_of(finding)
    hits = 0
    for found in judged:
        places = {place_of(one) for one in found.findings if one.pattern == finding.pattern}
        hits += bool(mine in places or places - known) if known else mine in places
    return Seen(runs=len(side), judged=len(judged), found=hits)


def places_of_pattern(finding: Finding, side: Sequence[Findings]) -> frozenset[Place]:
    """Every place at which the pattern of the finding was found, and the finding's own."""
    places = {place_of(one) for found in side for one in found.findings if one.pattern == finding.pattern}
    return frozenset({place_of(finding), *places})


def place_of(finding: Finding) -> Place:
    """Where it is, as far as it survives a change of the program: lines move, and folders too."""
    place = finding.location
    if place.scope in (Scope.RUN, Scope.PROCESS):
        return ()
    return PurePath(place.file or "").name, place.function or ""


def outlasts(finding: Finding, before: Sequence[Run], after: Sequence[Run]) -> bool | None:
    """Whether all of the changed command takes longer than the finding's place alone took; None if not known."""
    walls = [[quantity_of(run, "wall_s") for run in side] for side in (before, after)]
    if finding.gain is None or any(isinstance(value, Missing) for side in walls for value in side):
        return None
    old_s, new_s = (median(value.value or 0.0 for value in side) for side in walls)
    return new_s >= finding.gain.low * old_s


def verdict_of(
    before: Seen, after: Seen, compared: Sequence[Compared], *, outlasted: bool | None
) -> tuple[Verdict, str]:
    """The answer and its reason."""
    if not before.found or 2 * before.found < before.judged:
        return Verdict.INCONCLUSIVE, f"the original command showed it in {_of(before)} runs only"
    if after.judged and 2 * after.found >= after.judged:
        return Verdict.REJECTED, f"it is still there, in {_of(after)} runs of the changed command"
    if not after.judged and outlasted is not False:
        return Verdict.INCONCLUSIVE, "the changed command runs too briefly to be judged: give both more work"
    return _by_time(next(one for one in compared if one.claim))


def _by_time(claim: Compared) -> tuple[Verdict, str]:
    if claim.ratio is None or claim.answer is Answer.INCONCLUSIVE:
        return Verdict.INCONCLUSIVE, f"the cause is gone, but whether the wall time fell can't be said: {claim.reason}"
    words = f"{speed_text(claim.ratio)}; wall time {ratio_text(claim)}"
    if claim.answer is Answer.LOWER:
        return Verdict.CLOSED, f"the cause is gone, and the wall time fell: {words}"
    return Verdict.REJECTED, f"the cause is gone, but the wall time rose: {words}"


def _of(seen: Seen) -> str:
    return f"{seen.found} of {seen.judged}"
