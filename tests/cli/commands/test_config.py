from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.cli.app import run
from assay.errors import SettingsError
from assay.settings import KEYS


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home and a working folder of its own, and no setting in the environment."""
    for key in KEYS:
        monkeypatch.delenv(key.variable, raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_is_shown_with_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    run(["config", "show"])
    text = capsys.readouterr().out
    assert all(key.name in text and key.meaning in text for key in KEYS)


def test_the_origin_of_each_value_is_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "assay.toml").write_text('color = "never"\n', encoding="utf-8")
    run(["config", "show", "--origin", "--json", "--verbose"])
    origins = {item["key"]: (item["origin"], item["place"]) for item in json.loads(capsys.readouterr().out)["settings"]}
    assert origins["color"] == ("project file", f"{home}/assay.toml:1")
    assert origins["verbosity"] == ("flag", "--verbosity")
    assert origins["store"] == ("default", "")


def test_one_value_is_printed_bare(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["config", "get", "store"])
    assert capsys.readouterr().out == f"{home}/.local/share/assay\n"


def test_a_value_that_is_set_holds_from_then_on(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["config", "set", "store", "runs"])
    assert f"store = {home}/runs" in capsys.readouterr().err
    run(["config", "get", "store"])
    assert capsys.readouterr().out == f"{home}/runs\n"


def test_setting_what_a_stronger_source_overrides_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSAY_COLOR", "always")
    run(["config", "set", "color", "never"])
    assert "ASSAY_COLOR" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["set", "colr", "never"], "did you mean 'color'"),
        (["set", "color", "blue"], "give one of: auto, always, never"),
        (["get", "zebra"], "keys are: "),
    ],
)
def test_a_wrong_key_or_value_is_refused_and_nothing_is_written(words: list[str], message: str, home: Path) -> None:
    with pytest.raises(SettingsError, match=message):
        run(["config", *words])
    assert list(home.iterdir()) == []


def test_the_files_are_named_whether_or_not_they_exist(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["config", "path", "--json"])
    files = json.loads(capsys.readouterr().out)["files"]
    assert files[1] == {"kind": "user file", "path": f"{home}/.config/assay/config.toml", "exists": False}


@pytest.mark.parametrize(("variable", "holds"), [({}, "never"), ({"ASSAY_COLOR": "always"}, "always")])
def test_a_program_is_told_what_was_set_and_what_holds(
    home: Path,
    variable: dict[str, str],
    holds: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in variable.items():
        monkeypatch.setenv(name, value)
    run(["config", "set", "color", "never", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert (document["value"], document["holds"]["value"]) == ("never", holds)
    assert document["path"] == f"{home}/.config/assay/config.toml"
    assert document["holds"]["place"] in (document["path"], *variable)
