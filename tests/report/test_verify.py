from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from assay.record.base import Missing
from assay.record.diagnosis.findings import Findings, Gain, Location, Scope
from assay.record.documents.diagnosis import Seen, Verdict
from assay.record.documents.report import Answer, Compared
from assay.record.rows import Metric
from assay.report.verify import outlasts, place_of, places_of_pattern, seen_in, verdict_of
from tests.report.views import make_finding, make_findings, side_run

CAUSE = make_finding("/home/me/job.py")
CLEAN = make_findings("x", findings=())
THIN = make_findings("x", findings=(), insufficient="12 samples")


def claim(answer: Answer) -> tuple[Compared, ...]:
    ratio = {Answer.LOWER: 0.5, Answer.HIGHER: 2.0, Answer.INCONCLUSIVE: 0.9}[answer]
    return (
        Compared(
            metric="wall_s", unit="s", claim=True, blocks=6, ratio=ratio, low=ratio, high=ratio, p_value=0.03,
            answer=answer, reason="the interval holds 1",
        ),
    )  # fmt: skip


def seen(found: int, judged: int = 6) -> Seen:
    return Seen(runs=6, judged=judged, found=found)


@pytest.mark.parametrize(
    ("before", "after", "answer", "verdict", "words"),
    [
        (seen(6), seen(0), Answer.LOWER, Verdict.CLOSED, "the wall time fell: 2.00 times as fast"),
        (seen(6), seen(0), Answer.HIGHER, Verdict.REJECTED, "the wall time rose"),
        (seen(6), seen(0), Answer.INCONCLUSIVE, Verdict.INCONCLUSIVE, "the interval holds 1"),
        (seen(6), seen(6), Answer.LOWER, Verdict.REJECTED, "still there, in 6 of 6"),
        (seen(2), seen(0), Answer.LOWER, Verdict.INCONCLUSIVE, "in 2 of 6 runs only"),
        (seen(0, 0), seen(0), Answer.LOWER, Verdict.INCONCLUSIVE, "in 0 of 0 runs only"),
        (seen(6), seen(0, 0), Answer.LOWER, Verdict.INCONCLUSIVE, "too briefly"),
    ],
)
def test_the_verdict_needs_the_cause_gone_and_the_time_lower(
    before: Seen, after: Seen, answer: Answer, verdict: Verdict, words: str
) -> None:
    found, reason = verdict_of(before, after, claim(answer), outlasted=True)
    assert found is verdict
    assert words in reason


def test_a_command_that_ends_before_the_cause_would_have_is_rid_of_it() -> None:
    assert verdict_of(seen(6), seen(0, 0), claim(Answer.LOWER), outlasted=False)[0] is Verdict.CLOSED
    cause = msgspec.structs.replace(CAUSE, gain=Gain(share=0.9, low=0.8, high=1.0))
    before = [side_run("before", block, 2.0) for block in range(3)]
    assert outlasts(cause, before, [side_run("after", 0, 0.1)]) is False
    assert outlasts(cause, before, [side_run("after", 0, 1.9)]) is True
    assert outlasts(CAUSE, before, before) is None
    unknown = (Metric(name="wall_s", value=Missing(reason="no clock")),)
    assert outlasts(cause, before, [side_run("after", 0, 1.0, metrics=unknown)]) is None


def test_a_cause_is_known_again_though_lines_and_folders_moved() -> None:
    moved = make_finding("/elsewhere/job.py", location=_at("/elsewhere/job.py", "/home/me/job.py", line=99))
    other = make_finding("/home/me/other.py")
    assert place_of(moved) == place_of(CAUSE)
    assert place_of(other) != place_of(CAUSE)
    whole = make_finding("x", location=Location(scope=Scope.RUN))
    assert place_of(whole) == ()
    assert _found(CAUSE.pattern, [_with(moved), CLEAN, THIN]) == (3, 2, 1)


def test_a_cause_that_moved_to_a_new_place_is_still_there_and_an_old_neighbour_is_not_it() -> None:
    neighbour = make_finding("/home/me/other.py")
    known = places_of_pattern(CAUSE, [_with(CAUSE), _with(neighbour)])
    assert seen_in(CAUSE, [_with(neighbour)], known).found == 0
    assert seen_in(CAUSE, [_with(make_finding("/home/me/new.py"))], known).found == 1


def _found(_pattern: str, side: Sequence[Findings]) -> tuple[int, int, int]:
    counted = seen_in(CAUSE, side)
    return counted.runs, counted.judged, counted.found


def _at(file: str, function: str, line: int) -> Location:
    return Location(scope=Scope.LINE, file=file, function=function, line=line)


def _with(*findings: object) -> Findings:
    return make_findings("x", findings=findings)
