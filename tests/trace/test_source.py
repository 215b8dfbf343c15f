from __future__ import annotations

from assay.errors import RecordError
from assay.trace.source import Ending, damaged


def test_an_ending_is_whole_until_something_else_is_seen() -> None:
    assert Ending() == Ending(complete=True, dropped=0, remarks=[])


def test_damage_names_its_place_and_a_remedy() -> None:
    error = damaged("f:3", "is cut")
    assert isinstance(error, RecordError)
    assert str(error) == "f:3: is cut; write the trace again, or restore the file"
