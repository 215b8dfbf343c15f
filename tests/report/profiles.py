"""Profiles of runs that never ran."""

from __future__ import annotations

from assay.report.export import Material
from assay.report.profile import Profile, profile_of
from tests.analyze.makers import Piece, frame, make_evidence
from tests.makers import make_run
from tests.report.views import make_findings

SOURCE = "def main():\n    work()\n\n\ndef work():\n    return sum(range(9))\n"


def two_threads(file: str = "/home/me/job.py") -> Profile:
    """The main thread computes and sleeps; a second one waits for a lock."""
    outer, inner = frame("main", 2, file), frame("work", 6, file)
    evidence = make_evidence(
        [
            Piece(ms=400, stack=(outer, inner), symbol="list_contains"),
            Piece(ms=100, stack=(outer,), wait="sleep"),
            Piece(ms=300, stack=(outer, inner)),
        ],
        [Piece(ms=800, stack=(frame("wait", 4, file),), wait="lock")],
        sources={file: SOURCE},
    )
    profile = profile_of(evidence)
    assert profile is not None
    return profile


def material(file: str = "/home/me/job.py") -> Material:
    """What exports are made of."""
    return Material(run=make_run(), findings=make_findings(file), profile=two_threads(file))
