from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import assay.vgpu as vg
from assay.cli.app import run
from assay.errors import UsageError
from assay.record.documents import document_schema
from assay.vgpu.ceilings import measuring
from assay.vgpu.tuning import Choice, Shape
from assay.vgpu.tuning.kept import merge
from assay.vgpu.tuning.rows import key_of, rows_of

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(measuring, "_TRIES", 2)
    monkeypatch.setattr(measuring, "_TRY_NS", 20_000)
    monkeypatch.setattr(measuring, "_DRAM_BYTES", 1 << 20)


def test_the_ceilings_are_a_document_of_their_schema_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vgpu", "info", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("vgpu.info")).validate(first)
    assert run(["vgpu", "info", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


def test_the_ceilings_are_shown_with_their_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["vgpu", "info"]) == 0
    text = capsys.readouterr().out
    assert "fp32" in text
    assert "Gop/s" in text
    assert "DRAM read" in text
    assert "launch from Python" in text


@pytest.fixture
def tuned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where tuned products are kept, as yet without any."""
    monkeypatch.setenv("ASSAY_TUNING", str(tmp_path / "tuned"))
    return tmp_path / "tuned"


QUICK = ["vgpu", "tune", "--dtype", "fp32", "--shape", "64x64x64", "--shape", "100x100x100:nt", "--budget", "0.3s"]


def test_what_came_of_tuning_is_a_document_of_its_schema(tuned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*QUICK, "--busy", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("vgpu.tune")).validate(document)
    assert [shape["shape"] for shape in document["shapes"]] == ["64x64x64", "100x100x100:nt"]
    assert document["path"] == str(tuned)
    assert all(bool(shape["reason"]) != bool(shape["choice"]) for shape in document["shapes"])


def test_what_is_kept_is_shown_and_forgotten(tuned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shape = Shape(dtype="fp32", m=1000, n=1000, k=1000)
    (row,) = rows_of(shape, 2, Choice(block_rows=84))
    merge(tuned, {key_of(shape, 2): (row, "1000x1000x1000: 1.2 times as fast")})
    assert run(["vgpu", "tune", "--show"]) == 0
    text = capsys.readouterr().out
    for words in ("768x768x768", "block_rows=84", "1.2 times as fast", str(tuned)):
        assert words in text
    assert run(["vgpu", "tune", "--clear"]) == 0
    assert "removed" in capsys.readouterr().err
    assert run(["vgpu", "tune", "--show"]) == 0
    assert "Nothing is kept" in capsys.readouterr().out


def test_a_dry_run_keeps_nothing(tuned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*QUICK, "--busy", "--dry-run"]) == 0
    assert "of 2 are faster" in capsys.readouterr().out
    assert not tuned.exists()


def test_a_file_that_is_not_used_is_named_where_details_are_wanted(
    tuned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tuned.write_text("something else\n", encoding="utf-8")
    assert run(["vgpu", "tune", "--show"]) == 0
    assert "not used" not in capsys.readouterr().err
    assert run(["vgpu", "tune", "--show", "-v"]) == 0
    assert f"not used: {tuned}: the file is of another version" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["--budget", "soon"], "write 30s"),
        (["--budget", "0s"], "write 30s"),
        (["--shape", "1x2"], "write MxNxK"),
        (["--show", "--clear"], "give one of them"),
    ],
)
def test_wrong_words_are_refused_with_a_remedy(words: list[str], remedy: str, tuned: Path) -> None:
    with pytest.raises(UsageError, match=remedy):
        run(["vgpu", "tune", *words])
    assert not tuned.exists()


def test_a_bench_is_a_document_of_its_schema_and_kept_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))
    assert run(["vgpu", "bench", "--suite", "launch", "--budget", "0.1s", "--seed", "3", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("vgpu.bench")).validate(document)
    assert {row["suite"] for row in document["rows"]} == {"launch"}
    assert document["seed"] == 3
    assert [(each["suite"], each["side"]) for each in document["runs"]] == [("launch", "ours"), ("launch", "numpy")]
    assert run(["runs", "show", document["runs"][0]["id"]]) == 0
    assert "vgpu launch" in capsys.readouterr().out


def test_a_bench_is_a_table_for_people_and_for_spreadsheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))
    table = tmp_path / "bench.csv"
    words = ["vgpu", "bench", "--suite", "pool", "--budget", "0.1s"]
    assert run(words) == 0
    shown = capsys.readouterr()
    assert "a task of a fork-join tree" in shown.out
    assert "next: assay runs show" in shown.err
    assert run([*words, "-o", str(table)]) == 0
    assert table.read_text(encoding="utf-8").startswith("suite,case,precision,time_s")
