from __future__ import annotations

import numpy as np
import pytest

from tests.report.profiles import two_threads


def test_neighbouring_samples_of_one_stack_are_one_stretch() -> None:
    profile = two_threads()
    main, other = profile.tracks
    assert [profile.stacks.function[row] for row in main.row] == ["work", "main", "work"]
    assert main.end_s[-1] == pytest.approx(0.8, abs=0.02)
    assert len(other.row) == 1


def test_stretches_follow_one_another() -> None:
    for track in two_threads().tracks:
        assert (track.end_s > track.start_s).all()
        assert (np.diff(track.start_s) > 0).all()
        assert (track.start_s[1:] >= track.end_s[:-1]).all()
