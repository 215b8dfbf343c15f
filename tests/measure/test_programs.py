from __future__ import annotations

from assay.measure.programs import ingest_after, ingest_before


def test_both_programs_do_the_same_job() -> None:
    events = [{"id": name, "at": "2024-02-29T03:00:00+00:00", "celsius": 1.0} for name in "abcab"]
    for program in (ingest_before, ingest_after):
        kept = program.without_duplicates(events)
        assert [event["id"] for event in kept] == ["a", "b", "c"]
        assert program.summary(kept) == ["03:00     3    1.00    1.00    1.00"]


def test_the_night_arrives_the_same_every_time_with_every_fourth_event_twice() -> None:
    lines = ingest_before.received_lines()
    assert lines == ingest_after.received_lines()
    assert len(lines) - len(set(lines)) == ingest_before.EVENTS // ingest_before.SENT_TWICE_EVERY
