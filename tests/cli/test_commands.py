"""Commands that stand alone: ``metrics``, ``schema``, ``doctor`` and ``completion``."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from assay.cli.app import run
from assay.errors import UsageError
from assay.record.metrics import DEFINITIONS


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(words) == 0
    return capsys.readouterr().out


def test_the_glossary_has_every_metric_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "metrics").splitlines()
    assert [line.split()[0] for line in lines[1:]] == [metric.name for metric in DEFINITIONS]


def test_the_glossary_is_filtered_by_words_and_group(capsys: pytest.CaptureFixture[str]) -> None:
    names = {
        item["name"] for item in json.loads(printed(capsys, "metrics", "gpu", "--group", "energy", "--json"))["metrics"]
    }
    assert names == {metric.name for metric in DEFINITIONS if metric.group == "energy" and "gpu" in metric.name}


def test_one_metric_is_shown_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "metrics", "cpu_utilisation_cores")
    assert "depends on  cpu_s, wall_s" in text
    assert "origin      derived" in text


@pytest.mark.parametrize(
    ("words", "remedy"),
    [(["wall_z"], "did you mean 'wall_s'?"), (["zebra"], "lists all"), (["--group", "tme"], "time")],
)
def test_a_metric_that_is_not_there_is_an_error(words: list[str], remedy: str) -> None:
    with pytest.raises(UsageError, match="metrics: ") as caught:
        run(["metrics", *words])
    assert remedy in caught.value.remedy


def test_the_glossary_is_written_as_a_table(tmp_path: Path) -> None:
    assert run(["metrics", "-q", "-o", str(tmp_path / "metrics.csv")]) == 0
    lines = (tmp_path / "metrics.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("name,unit,meaning,")
    assert len(lines) == len(DEFINITIONS) + 1


def test_formats_are_listed_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = printed(capsys, "schema")
    assert "runs.list" in listed
    assert "spans" in listed
    assert json.loads(printed(capsys, "schema", "run"))["$id"].startswith("urn:assay:schema:run:")
    columns = printed(capsys, "schema", "samples")
    assert "time_ns" in columns
    assert "string (dictionary)" in columns


def test_a_schema_is_written_to_a_file(tmp_path: Path) -> None:
    assert run(["schema", "runs.list", "-q", "-o", str(tmp_path / "schema.json")]) == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8"))["title"] == "Assay document runs.list"


def test_the_doctor_s_status_follows_what_it_is_asked_to_fail_on(capsys: pytest.CaptureFixture[str]) -> None:
    checks = {check["id"]: check["state"] for check in json.loads(printed(capsys, "doctor", "--json"))["checks"]}
    for name, state in checks.items():
        if state in ("ok", "missing"):  # what is degraded may change from one look to the next
            assert run(["doctor", "-q", "--fail-on", name]) == int(state != "ok")
            assert run(["doctor", "-q", "--fail-on", f"missing:{name}"]) == int(state == "missing")
            break
    else:
        pytest.fail("nothing is ok and nothing is missing on this machine")


@pytest.mark.parametrize("condition", ["native_cor", "broken:native_core", "zebra"])
def test_a_condition_that_can_t_be_checked_is_refused(condition: str) -> None:
    with pytest.raises(UsageError, match="--fail-on"):
        run(["doctor", "--fail-on", condition])


def test_the_completion_script_is_valid_shell(capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(capsys, "completion", "bash")
    assert "_ASSAY_COMPLETE=bash_complete" in script
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_another_shell_is_refused() -> None:
    with pytest.raises(UsageError, match="'tcsh' is not one of"):
        run(["completion", "tcsh"])


def test_the_completion_script_is_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(printed(capsys, "completion", "zsh", "--json"))
    assert (document["shell"], document["script"]) == ("zsh", printed(capsys, "completion", "zsh"))
