from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.record.words.escape import for_csv, plain, plain_json

HOSTILE = [
    "\x1b[31mred",
    "line\nbreak",
    "\r overwritten",
    "\x07",
    "\x9b31m",
    "\u202eoverride",
    "\x00",
    "\udc80",
    "\x7f",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_terminal_acts_on_passes(text: str) -> None:
    assert plain(text).isprintable()
    assert "\\" in plain(text)


def test_readable_text_of_any_language_passes_as_it_is() -> None:
    assert plain("żółw 漢字 ünï 10 µs ± 3 %") == "żółw 漢字 ünï 10 µs ± 3 %"


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\udc80" not in text])
def test_a_document_means_the_same_after_escaping(text: str) -> None:
    document = json.dumps({"name": text, "emoji": "a\U0001f600b"}, ensure_ascii=False, indent=1)
    escaped = plain_json(document)
    assert json.loads(escaped) == json.loads(document)
    assert escaped.replace("\n", "").isprintable()


def test_a_letter_beyond_the_first_plane_becomes_two_units() -> None:
    assert json.loads(plain_json('"\U000e0001"')) == "\U000e0001"
    assert plain_json('"\U000e0001"').isascii()


@given(st.text())
def test_nothing_hidden_survives_and_everything_fits_on_one_line(text: str) -> None:
    shown = plain(text)
    assert all(unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in shown)
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_a_spreadsheet_formula_becomes_text(text: str) -> None:
    assert for_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "wall_s", "a=b", "5 - 3", "'quoted"])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert for_csv(text) == text
