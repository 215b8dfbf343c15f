from __future__ import annotations

from typing import Any

import msgspec
import pytest

from assay.record.base import (
    MEANINGS,
    Absent,
    Derived,
    Estimated,
    Measured,
    Missing,
    Quantity,
    Record,
    RelativePath,
    SelfChecked,
    Sha256,
    Ulid,
    one_line,
    origin_of,
)
from tests.makers import HASH, RUN_ID


class Inner(Record, kw_only=True):
    value: float | None


class Section(SelfChecked, kw_only=True):
    rows: tuple[Inner, ...] | None
    name: str | None


def accepts(kind: Any, value: object) -> bool:
    try:
        msgspec.json.decode(msgspec.json.encode(value), type=kind)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize("path", ["a", "raw/rusage/usage.json", "_x", "a.b/c@d+e=f-g", "0"])
def test_a_path_inside_the_folder_is_taken(path: str) -> None:
    assert accepts(RelativePath, path)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/./b", ".hidden", "a\n", "a b", "-a", "ä"],
)
def test_a_path_that_could_lead_elsewhere_is_refused(path: str) -> None:
    assert not accepts(RelativePath, path)


def test_a_final_newline_passes_no_pattern() -> None:
    assert accepts(Sha256, HASH)
    assert not accepts(Sha256, HASH[:-1] + "\n")
    assert accepts(Ulid, RUN_ID)
    assert not accepts(Ulid, RUN_ID[:-1] + "\n")


def test_every_pattern_says_in_words_what_it_asks_for() -> None:
    assert all(words and not words.startswith("^") for words in MEANINGS.values())


def test_a_number_without_origin_cannot_be_written_or_read() -> None:
    assert not accepts(Quantity, {"value": 1.0})
    assert not accepts(Quantity, {"origin": "measured", "value": 1.0})
    assert not accepts(Quantity, {"origin": "missing", "value": 0.0, "reason": "broken"})
    assert accepts(Quantity, {"origin": "missing", "value": None, "reason": "broken"})


def test_an_origin_is_named_as_the_record_writes_it() -> None:
    values = (
        Measured(value=1.0, by="x"),
        Derived(value=1.0, sources=("x",)),
        Estimated(value=1.0, model="x"),
        Missing(reason="x"),
    )
    assert [origin_of(value) for value in values] == ["measured", "derived", "estimated", "missing"]


def test_a_null_without_a_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="null without a reason in `absent`, at /rows/1/value"):
        Section(rows=(Inner(value=1.0), Inner(value=None)), name="x")


def test_a_reason_for_what_is_there_is_refused() -> None:
    with pytest.raises(ValueError, match="explains a field that is not null, at /name"):
        Section(rows=(), name="x", absent=(Absent(field="/name", reason="?"),))


def test_two_reasons_for_one_null_are_refused() -> None:
    with pytest.raises(ValueError, match="explains one field twice"):
        Section(rows=(), name=None, absent=(Absent(field="/name", reason="?"), Absent(field="/name", reason="!")))


def test_explained_nulls_are_accepted() -> None:
    section = Section(
        rows=None, name=None, absent=(Absent(field="/name", reason="?"), Absent(field="/rows", reason="?"))
    )
    assert section.rows is None


def test_any_text_becomes_a_name() -> None:
    assert one_line("a\nb\x1b\ud800") == "a\\nb\\x1b\\ud800"
    assert one_line("") == "?"
    assert len(one_line("\n" * 5000)) == 512
    assert one_line("Intel® µ") == "Intel® µ"
