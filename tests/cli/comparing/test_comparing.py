from __future__ import annotations

from pathlib import Path

import click
import pytest

from assay.cli.comparing.collect import sides_of_commands
from assay.cli.comparing.options import Collecting, Share, looks_until
from assay.cli.comparing.sets import files_of, runs_of, sides_of
from assay.compare.asked import Asked
from assay.errors import PlanError, RunNotFoundError, UsageError
from assay.store import open_store
from tests.compare.made import Maker


def _collecting(**changes: object) -> Collecting:
    usual = {"commands": (), "blocks": 20, "until_decided": False, "most": None, "timeout_s": None}
    return Collecting(**{**usual, "worktrees": (), "build": None, **changes})  # type: ignore[arg-type]


def test_sets_of_runs_are_named_in_many_ways(tmp_path: Path) -> None:
    before, after = Maker(folder=tmp_path, blocks=3, layers=1).sides()
    store = open_store(tmp_path)
    for number, run in enumerate(before):
        store.tag(run.id, f"before-{number}")
    first = [run.id for run in before]
    for words in ("before-*", "session:sitting/A", ",".join(first), "before-0,before-[12]"):
        assert [run.id for run in runs_of(store, words)] == sorted(first), words
    assert len(runs_of(store, f"{first[0][:5]}*")) == 6
    assert len(runs_of(store, "target:tiny")) == 6
    assert len(runs_of(store, f"{tmp_path}/runs/*")) == 6
    assert [[run.id for run in side] for side in sides_of(store, "sitting")] == [
        sorted(first),
        sorted(run.id for run in after),
    ]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("after-*", RunNotFoundError),
        ("sesion:x", UsageError),
        ("session:none", RunNotFoundError),
        ("zzz", RunNotFoundError),
    ],
)
def test_a_set_without_runs_is_an_error(tmp_path: Path, words: str, error: type[Exception]) -> None:
    Maker(folder=tmp_path, blocks=1, layers=1).sides()
    with pytest.raises(error):
        runs_of(open_store(tmp_path), words)


@pytest.mark.parametrize(("words", "share"), [("1%", 0.01), ("0.5 %", 0.005), ("0.05", 0.05)])
def test_shares_are_read(words: str, share: float) -> None:
    assert Share().convert(words, None, None) == pytest.approx(share)


@pytest.mark.parametrize("words", ["0", "100%", "-1%", "one", "nan"])
def test_what_is_no_share_is_refused(words: str) -> None:
    with pytest.raises(click.BadParameter):
        Share().convert(words, None, None)


def test_looks_are_few_and_the_last_is_the_most() -> None:
    assert _collecting().looks() == ()
    collecting = _collecting(until_decided=True, blocks=10, most=60)
    planned = collecting.looks()
    assert (planned[0], planned[-1], len(planned) <= 11) == (10, 60, True)
    assert looks_until(planned, planned[1], 60).at == planned[:2]
    assert _collecting(until_decided=True, most=7).looks() == (7,)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"commands": ("a",)}, "given 1 times"),
        ({"commands": ("a", "b"), "worktrees": ("HEAD",)}, "given 2 times"),
        ({"until_decided": True}, "nothing to run"),
        ({"most": 5}, "--max"),
        ({"commands": ("a", "b"), "build": "make"}, "--build"),
    ],
)
def test_options_that_exclude_each_other_are_refused(changes: dict[str, object], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        _collecting(**changes).check()


def test_commands_are_split_into_words_and_given_to_no_shell() -> None:
    collecting = _collecting(commands=("true 'a b' '$HOME' ';'", "true x"))
    sides = sides_of_commands(collecting, Asked())
    assert sides["A"].command.argv == ("true", "a b", "$HOME", ";")
    for command, error in (("true 'a", UsageError), ("  ", UsageError), ("no-such-program-here", PlanError)):
        with pytest.raises(error):
            sides_of_commands(_collecting(commands=(command, "true")), Asked())


def test_files_are_traces_and_everything_else_is_runs(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("a0.jsonl", "a1.jsonl", "run.json")]
    for name in names:
        name.write_text("{}")
    assert files_of(f"{tmp_path}/a*.jsonl") == names[:2]
    assert files_of(f"{names[0]},{names[1]},{names[0]}") == names[:2]
    for words in (str(names[2]), str(tmp_path), "session:x", f"{names[0]},@latest", f"{tmp_path}/b*"):
        assert files_of(words) == []
