from __future__ import annotations

import json
from typing import Any

import pytest

from assay.report.exports.speedscope import render
from tests.report.profiles import material


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(material()))
    return found


def test_every_stack_has_its_weight_and_names_frames_that_there_are() -> None:
    made = document()
    count = len(made["shared"]["frames"])
    for profile in made["profiles"]:
        assert (profile["type"], profile["unit"]) == ("sampled", "seconds")
        assert len(profile["samples"]) == len(profile["weights"]) > 0
        assert min(profile["weights"]) >= 0
        assert all(0 <= one < count for stack in profile["samples"] for one in stack)
        length = profile["endValue"] - profile["startValue"]
        assert length == pytest.approx(sum(profile["weights"]), abs=1e-6)


def test_clocks_come_first_and_then_each_thread_in_the_order_of_time() -> None:
    names = [profile["name"] for profile in document()["profiles"]]
    assert names[0] == "computing, all threads"
    assert names[-2:] == ["process 100 100/100", "process 100 100/101"]


def test_frames_carry_file_and_line() -> None:
    assert {"name": "work", "file": "/home/me/job.py", "line": 6} in document()["shared"]["frames"]
