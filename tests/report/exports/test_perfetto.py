from __future__ import annotations

import json
from typing import Any

from assay.report.exports.perfetto import render
from tests.report.profiles import material


def events() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(material()))["traceEvents"]
    return found


def test_slices_of_a_track_lie_inside_one_another_or_apart() -> None:
    tracks: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for event in events():
        if event["ph"] == "X":
            assert event["dur"] >= 0
            tracks.setdefault((event["pid"], event["tid"]), []).append((event["ts"], event["ts"] + event["dur"]))
    for slices in tracks.values():
        open_: list[int] = []
        for begin, end in sorted(slices, key=lambda one: (one[0], -one[1])):
            while open_ and open_[-1] <= begin:
                open_.pop()
            assert not open_ or end <= open_[-1]
            open_.append(end)


def test_a_caller_lasts_as_long_as_what_it_called() -> None:
    mine = [event for event in events() if event["ph"] == "X" and event["tid"] == 100 and event["cat"] == "stack"]
    assert [event["name"] for event in mine].count("work") == 2
    (main,) = [event for event in mine if event["name"] == "main"]
    assert main["dur"] >= sum(event["dur"] for event in mine if event["name"] == "work")


def test_waits_have_a_track_of_their_own_per_thread() -> None:
    waits = [event for event in events() if event.get("cat") == "clock"]
    assert {event["name"] for event in waits} >= {"computing", "asleep", "waiting for a lock"}
    assert {event["tid"] for event in waits} == {0, 1}
