from __future__ import annotations

import pytest

from assay.cli.app import run
from assay.errors import AssayError, UsageError


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["rnus"], "there is no command 'rnus'; did you mean `assay runs`?"),
        (["list"], "there is no command 'list'; did you mean `assay runs list`?"),
        (["runs", "shwo"], "runs: there is no command 'shwo'; did you mean `assay runs show`?"),
        (["zebra"], "there is no command 'zebra'; see `assay --help`"),
        (["--nope"], "there is no option '--nope'; see `assay --help`"),
        (["metrics", "--jsno"], "metrics: there is no option '--jsno'; did you mean '--json'?"),
        (["runs", "show"], "runs show: missing argument 'RUN'; see `assay runs show --help`"),
        (["config", "get", "stroe"], "config get: there is no setting 'stroe'; did you mean 'store'?"),
        (["schema", "runs.lst"], "schema: there is no format 'runs.lst'; did you mean 'runs.list'?"),
        (["metrics", "--color", "x"], None),
        (["runs", "list", "--since"], "runs list: option '--since' requires an argument; see `assay runs list --help`"),
        (["--store"], "option '--store' requires an argument; see `assay --help`"),
        (["completion"], None),
        (["runs", "list", "--limit", "x"], None),
        (["metrics", "-o", "x.exe"], "x.exe: no format has the suffix '.exe'; use one of: .json, .csv, .txt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_word_says_where_it_stands_and_what_was_meant(words: list[str], line: str | None) -> None:
    with pytest.raises(AssayError) as caught:
        run(words)
    assert caught.value.remedy
    assert line is None or str(caught.value) == line
    assert "\n" not in str(caught.value)


def test_a_wrong_choice_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean 'complete'"):
        run(["runs", "list", "--status", "complet"])


def test_shared_options_stand_before_or_behind_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--color", "never", "config", "get", "color"], ["config", "get", "color", "--color", "never"]):
        assert run(words) == 0
        assert capsys.readouterr().out == "never\n"


def test_what_stands_nearest_to_the_command_counts(capsys: pytest.CaptureFixture[str]) -> None:
    run(["-q", "config", "get", "verbosity", "-v"])
    assert capsys.readouterr().out == "verbose\n"


def test_help_is_a_word_too(capsys: pytest.CaptureFixture[str]) -> None:
    run(["runs", "list", "--help"])
    wanted = capsys.readouterr().out
    run(["help", "runs", "list"])
    assert capsys.readouterr().out == wanted


@pytest.mark.parametrize("words", [["-q"], ["-q", "--help"], ["runs", "-q"], ["-q", "config", "-h"]])
def test_groups_alone_print_their_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 0
    assert "\nExample:\n  assay " in capsys.readouterr().out
