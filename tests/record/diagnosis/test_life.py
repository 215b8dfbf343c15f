from __future__ import annotations

import msgspec

from assay.record.diagnosis.life import Life


def test_a_line_of_the_journal_survives_the_way_through_json() -> None:
    life = Life(time_ns=5, event="seen", pid=7, parent=1, start_ticks=3, argv=("a", "b"), python="3.11")
    assert msgspec.json.decode(msgspec.json.encode(life), type=Life) == life
