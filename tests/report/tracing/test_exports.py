"""Exports against what their formats ask for: legal nesting, instants in order, arrows that lie in slices."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from assay.errors import UsageError
from assay.record.trace.lines import TraceClock
from assay.report.tracing.export import EXPORTS, Nested, nested
from assay.trace.reading import open_trace
from tests.trace.makers import decoded, event, write

UTC_NS = 1_700_000_000_000_000_000


def opened(tmp_path: Path, events: list[dict[str, Any]], **facts: Any) -> Nested:
    path = write(tmp_path / "t.jsonl", events, **facts)
    return nested(open_trace(path), str(path))


def tangled(seed: int) -> list[dict[str, Any]]:
    """Two threads; parts in steps, steps that touch, some without length, some that outlast what they lie in."""
    chance = random.Random(seed)
    events = []
    for thread in (1, 2):
        now_ns = chance.randrange(1000)
        for token in range(30):
            wall_ns = chance.randrange(0, 2000)
            events.append(event("FFN", now_ns, wall_ns, token=token, thread=thread, layer=token % 3))
            for _ in range(chance.randrange(4)):
                at = now_ns + chance.randrange(max(1, wall_ns))
                length = chance.randrange(0, 500) if chance.random() < 0.3 else chance.randrange(0, 20)
                events.append(event("FFN", at, length, op="gate", thread=thread, token=token))
            now_ns += wall_ns + chance.randrange(2) * chance.randrange(300)
        events.append(event("Request", 0, now_ns, thread=thread, invocation=thread))
    chance.shuffle(events)
    return events


def chrome_faults(document: dict[str, Any]) -> list[str]:
    """What a reader of Chrome's format would complain about."""
    faults: list[str] = []
    by_track: dict[int, list[dict[str, Any]]] = {}
    for one in document["traceEvents"]:
        by_track.setdefault(one["tid"], []).append(one)
    for track in by_track.values():
        slices, found = _slices([one for one in track if one["ph"] in "BE"])
        faults += found
        for one in (one for one in track if one["ph"] in "sf"):
            inside = any(start <= one["ts"] <= end for start, end in slices)
            faults += [] if inside else ["an arrow outside of all slices"]
    flows: dict[str, str] = {}
    for one in (one for one in document["traceEvents"] if one["ph"] in "sf"):
        flows[one["id"]] = flows.get(one["id"], "") + one["ph"]
    return faults + [f"arrow {id_}" for id_, ends in flows.items() if ends != "sf"]


def _slices(edges: list[dict[str, Any]]) -> tuple[list[tuple[float, float]], list[str]]:
    slices, faults, stack, last = [], [], [], 0.0
    for one in edges:
        if one["ts"] < last:
            faults.append("instants go back")
        last = one["ts"]
        if one["ph"] == "B":
            stack.append(one["ts"])
        elif stack:
            slices.append((stack.pop(), one["ts"]))
        else:
            faults.append("an end without a begin")
    return slices, faults + ([f"{len(stack)} without an end"] if stack else [])


def speedscope_faults(document: dict[str, Any]) -> list[str]:
    faults = []
    for profile in document["profiles"]:
        stack: list[int] = []
        last = profile["startValue"]
        for one in profile["events"]:
            if one["at"] < last:
                faults.append("instants go back")
            last = one["at"]
            if one["type"] == "O":
                stack.append(one["frame"])
            elif not stack or stack.pop() != one["frame"]:
                faults.append("closes what is not the last that opened")
            if not 0 <= one["frame"] < len(document["shared"]["frames"]):
                faults.append("no such frame")
        faults += ["left open"] if stack or last > profile["endValue"] else []
    return faults


@pytest.mark.parametrize("seed", range(20))
def test_whatever_overlaps_comes_out_nested_legally(tmp_path: Path, seed: int) -> None:
    trace = opened(tmp_path, tangled(seed))
    assert chrome_faults(json.loads(b"".join(EXPORTS.load("perfetto").render(trace)))) == []
    assert speedscope_faults(json.loads(b"".join(EXPORTS.load("speedscope").render(trace)))) == []


def test_the_checks_above_find_what_is_wrong() -> None:
    bad = {"traceEvents": [{"ph": "B", "ts": 5.0, "pid": 1, "tid": 1}, {"ph": "E", "ts": 4.0, "pid": 1, "tid": 1}]}
    assert chrome_faults(bad) == ["instants go back"]
    assert chrome_faults({"traceEvents": bad["traceEvents"][:1]}) == ["1 without an end"]
    frames = {"frames": [{"name": "a"}, {"name": "b"}]}
    edges = [{"type": kind, "frame": frame, "at": 0} for kind, frame in (("O", 0), ("O", 1), ("C", 0), ("C", 1))]
    profile = {"startValue": 0, "endValue": 0, "events": edges}
    assert len(speedscope_faults({"shared": frames, "profiles": [profile]})) == 2


def test_times_are_relative_to_the_first_event_and_tokens_have_arrows(tmp_path: Path) -> None:
    document = json.loads(b"".join(EXPORTS.load("perfetto").render(opened(tmp_path, decoded(tokens=5)))))
    begins = [one for one in document["traceEvents"] if one["ph"] == "B"]
    assert begins[0]["ts"] == 0.0
    assert begins[1]["name"] == "Attention 0"
    assert [one["ph"] for one in document["traceEvents"] if one["ph"] in "sf"] == ["s", "f"] * 4


def test_requests_are_spans_of_opentelemetry_with_their_steps_below(tmp_path: Path) -> None:
    clock = TraceClock(start_ns=0, utc_ns=UTC_NS)
    trace = opened(tmp_path, decoded(tokens=3), clock=clock, session="01ABC", model="preset")
    lines = [json.loads(line) for line in b"".join(EXPORTS.load("otlp").render(trace)).splitlines()]
    spans = [span for line in lines for span in line["resourceSpans"][0]["scopeSpans"][0]["spans"]]
    request = next(span for span in spans if "parentSpanId" not in span)
    named = {one["key"]: next(iter(one["value"].values())) for one in request["attributes"]}
    assert request["name"] == "text_completion preset"
    assert named["gen_ai.operation.name"] == "text_completion"
    assert named["gen_ai.request.model"] == "preset"
    assert named["gen_ai.usage.output_tokens"] == "3"
    assert {span["parentSpanId"] for span in spans if span is not request} == {request["spanId"]}
    assert len({span["spanId"] for span in spans}) == len(spans) == 22
    assert {len(span["traceId"]) for span in spans} == {32}
    assert {len(span["spanId"]) for span in spans} == {16}
    assert int(request["startTimeUnixNano"]) == UTC_NS + 1_000_000
    assert all(int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"]) for span in spans)
    assert lines[0]["resourceSpans"][0]["schemaUrl"].endswith("/1.37.0")


def test_without_the_time_of_day_there_is_no_opentelemetry(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="time of day"):
        list(EXPORTS.load("otlp").render(opened(tmp_path, decoded())))


def test_more_events_than_other_tools_open_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.report.tracing import export

    monkeypatch.setattr(export, "MOST_EVENTS", 10)
    with pytest.raises(UsageError, match="more than 10 events"):
        opened(tmp_path, decoded())
