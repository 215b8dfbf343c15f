from __future__ import annotations

from pathlib import Path

import pytest

from assay.campaign.file.document import Document, FaultsError
from assay.campaign.file.keys import KEYS, faults_in
from assay.campaign.grid.campaign import read_campaign
from assay.errors import PlanError


def _faults(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        read_campaign(file)
    return [str(error).removeprefix(f"{file}:") for error in raised.value.errors]


def test_all_faults_are_said_at_once_each_with_its_line_and_what_was_probably_meant(tmp_path: Path) -> None:
    faults = _faults(tmp_path, "axs:\n  n: [1]\norder: shufled\ncycles: 0\ncool:\n  at_most_s: 5\n")
    assert faults[0].startswith("1: there is no key 'axs' here; did you mean 'axes'?")
    assert faults[1].startswith("3: order is 'shufled'; give one of: interleaved")
    assert faults[2].startswith("4: cycles is 0")
    assert faults[3].startswith("5: cool says nothing of `to_c`")


def test_yaml_is_read_as_version_1_2(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("experiment: {command: [no, 1e3, 0o17]}\n", encoding="utf-8")
    assert Document(file).data == {"experiment": {"command": ["no", 1000.0, 15]}}


@pytest.mark.parametrize(
    ("text", "line"), [("a: [1\nb: 2\n", ":2"), ("a: 1\na: 2\n", ":2"), ("- 1\n", ""), ("", ""), ("\x00", "")]
)
def test_what_is_no_table_in_yaml_is_refused_in_one_sentence(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as raised:
        Document(file)
    assert raised.value.where.startswith(f"{file}{line}")
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_an_error_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="can't be read"):
        Document(tmp_path / "none.yaml")


def test_every_key_that_is_right_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(
        "name: a\ncycles: 2\norder: grouped\nseed: 4\ndevices: [a]\ngap_s: 0.5\nbreaker: 0\n", encoding="utf-8"
    )
    document = Document(file)
    assert list(faults_in(document, document.data, KEYS)) == []
