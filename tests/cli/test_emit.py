from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.cli.emit import Answer, Output, csv_text, emit, json_text, write_file
from assay.cli.session import Session
from assay.cli.terminal.console import Console
from assay.errors import UsageError
from assay.record.base import Record
from assay.record.documents import Change, RunsChanged
from assay.settings import load_settings

ROWS = (Change(run=None, source="=cmd()", result="a,b"), Change(run=None, source="\x1b[2J", result=""))
ANSWER = Answer(
    document=RunsChanged(verb="tag", changes=ROWS),
    lines=lambda width: [f"{width} {row.source}" for row in ROWS],
    rows=ROWS,
    row_type=Change,
)


def make_session() -> tuple[Session, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    console = Console(out=out, err=err, out_color=False, err_color=False, width=None)
    return Session(load_settings(variables={"HOME": "/home/x"}, cwd=Path("/")), console), out, err


def test_people_get_lines() -> None:
    session, out, _ = make_session()
    emit(session, ANSWER, Output(as_json=False, outputs=()))
    assert out.getvalue() == "None =cmd()\nNone \\x1b[2J\n"


def test_machines_get_one_document_that_names_itself() -> None:
    session, out, _ = make_session()
    emit(session, ANSWER, Output(as_json=True, outputs=()))
    document = json.loads(out.getvalue())
    assert (document["document"], document["version"]) == ("runs.changed", 1)
    assert document["changes"][1]["source"] == "\x1b[2J"
    assert "\x1b" not in out.getvalue()


def test_several_files_are_written_each_by_its_suffix(tmp_path: Path) -> None:
    session, out, err = make_session()
    names = tuple(str(tmp_path / f"answer{suffix}") for suffix in (".json", ".csv", ".TXT"))
    emit(session, ANSWER, Output(as_json=False, outputs=names))
    assert out.getvalue() == ""
    assert err.getvalue() == "".join(f"written: {name}\n" for name in names)
    assert json.loads(Path(names[0]).read_text())["verb"] == "tag"
    assert Path(names[2]).read_text() == "None =cmd()\nNone \\x1b[2J\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer.TXT", "answer.csv", "answer.json"]


def test_no_file_is_written_where_one_suffix_is_unknown(tmp_path: Path) -> None:
    session, _, _ = make_session()
    outputs = (str(tmp_path / "a.json"), str(tmp_path / "a.exe"))
    with pytest.raises(UsageError, match=r"'.exe'; use one of: .json, .csv, .txt"):
        emit(session, ANSWER, Output(as_json=False, outputs=outputs))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_table_has_no_csv(tmp_path: Path) -> None:
    session, _, _ = make_session()
    answer = Answer(document=ANSWER.document, lines=ANSWER.lines)
    with pytest.raises(UsageError, match=r"use one of: .json, .txt"):
        emit(session, answer, Output(as_json=False, outputs=(str(tmp_path / "a.csv"),)))


def test_an_empty_table_is_still_a_csv_file(tmp_path: Path) -> None:
    session, _, _ = make_session()
    answer = Answer(document=ANSWER.document, lines=ANSWER.lines, rows=(), row_type=Change)
    emit(session, answer, Output(as_json=False, outputs=(str(tmp_path / "a.csv"),)))
    assert (tmp_path / "a.csv").read_text() == "run,source,result\n"


def test_csv_keeps_values_and_disarms_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(ROWS, Change))))
    assert rows[0] == {"run": "", "source": "'=cmd()", "result": "a,b"}


class Cells(Record, kw_only=True):
    """One of each kind of cell."""

    at: datetime = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
    tags: tuple[str, ...] = ("a", "b")
    text: str = ""


def test_csv_writes_a_time_as_it_is_and_a_list_as_json() -> None:
    (row,) = csv.DictReader(io.StringIO(csv_text([Cells()], Cells)))
    assert row == {"at": "2026-05-04T03:02:01Z", "tags": '["a","b"]', "text": ""}


@pytest.mark.parametrize("text", [" =cmd()", "\n=cmd()", "＝cmd()", "@x"])
def test_a_formula_behind_spaces_or_in_wide_letters_is_disarmed_too(text: str) -> None:
    (row,) = csv.DictReader(io.StringIO(csv_text([Cells(text=text)], Cells)))
    assert row["text"] == f"'{text}"


def test_text_that_is_no_unicode_is_printed_as_its_escape() -> None:
    text = json_text(RunsChanged(verb="tag", changes=(Change(run=None, source="a\udcffb"),)))
    assert json.loads(text)["changes"][0]["source"] == "a\\udcffb"


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_file(path, "new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_place_that_can_t_be_written_is_named_as_given() -> None:
    with pytest.raises(UsageError, match=r"^/nowhere/x.csv: No such file or directory; choose"):
        write_file(Path("/nowhere/x.csv"), "text")


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    write_file(tmp_path / "answer.txt", "new")
    assert (tmp_path / "answer.txt").stat().st_mode == other.stat().st_mode


def test_a_pipe_or_device_is_written_to_and_not_replaced() -> None:
    write_file(Path("/dev/null"), "nothing")
    assert Path("/dev/null").is_char_device()
