from __future__ import annotations

from assay.report.profile import profile_of
from tests.analyze.makers import Piece, make_evidence
from tests.report.profiles import two_threads


def test_a_profile_holds_all_that_pictures_need() -> None:
    profile = two_threads()
    assert profile.samples == 160
    assert profile.timeline is not None
    assert len(profile.timeline.threads) == len(profile.tracks) == 2
    assert [one.path for one in profile.heat] == ["/home/me/job.py"]


def test_a_run_that_nobody_looked_at_has_none() -> None:
    evidence = make_evidence([Piece(ms=100)])
    evidence.tables = {}
    assert profile_of(evidence) is None
