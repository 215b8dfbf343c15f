"""A user's way through the program, and the places where it may go wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.program import User
from tests.stores import fill


@pytest.fixture
def user(tmp_path: Path) -> User:
    return User(tmp_path)


@pytest.fixture
def user_with_runs(user: User) -> User:
    fill(user.store, count=2)
    return user


def test_an_empty_store_says_what_to_run(user: User) -> None:
    done = user.does("runs", "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "assay demo" in done.stderr
    assert str(user.store) in done.stderr
    assert not user.store.exists()


def test_looking_for_a_run_in_an_empty_store_is_one_line(user: User) -> None:
    done = user.does("runs", "show", "@latest")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "assay demo" in done.stderr


def test_list_show_tag_diff_export_remove_import_and_validate(user_with_runs: User) -> None:
    user = user_with_runs
    listed = json.loads(user.gets("runs", "list", "--json"))["runs"]
    assert len(listed) == 2
    newest, older = (line["id"] for line in listed)
    assert newest in user.gets("runs", "show", newest[:-1])
    user.gets("runs", "tag", newest, "base")
    assert user.gets("runs", "show", "base") == user.gets("runs", "show", "@latest")
    assert user.gets("runs", "list", "--tag", "ba*").count("base") == 1
    assert user.does("runs", "diff", "base", older).returncode == 0
    user.gets("runs", "export", "base", "-o", "run.tar.gz")
    assert user.gets("runs", "validate", "run.tar.gz", "base").count("valid") == 2
    user.gets("runs", "remove", "base", "--yes")
    assert [line["id"] for line in json.loads(user.gets("runs", "list", "--json"))["runs"]] == [older]
    user.gets("runs", "import", "run.tar.gz")
    assert newest in user.gets("runs", "list")
    assert "2 runs" in user.gets("runs", "reindex")


def test_runs_that_differ_are_told_apart_by_what_differs(user: User) -> None:
    fill(user.store)
    fill(user.store, name="other")
    done = user.does("runs", "diff", "@-2", "@latest")
    assert done.returncode == 1
    assert "plan.target.name" in done.stdout
    assert "cpu.model" not in done.stdout
    assert user.does("runs", "diff", "@-2", "@latest", "--only", "machine").returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "\x1b[2J",
        "-x",
        "",
        "@",
        "@-0",
        "@-99999999999999999999",
        "'; DROP TABLE",
        "%",
        "a" * 5000,
        "\udcff",
    ],
)
def test_a_hostile_id_is_one_harmless_line(user_with_runs: User, name: str) -> None:
    done = user_with_runs.does("runs", "show", "--", name)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) <= 501
    assert done.stderr.rstrip("\n").isprintable()


def test_a_near_miss_is_suggested(user_with_runs: User) -> None:
    user_with_runs.gets("runs", "tag", "@latest", "baseline")
    assert "did you mean 'baseline'?" in user_with_runs.does("runs", "show", "basline").stderr


def test_removing_asks_for_nothing_where_nobody_can_answer(user_with_runs: User) -> None:
    done = user_with_runs.does("runs", "remove", "@latest", given="y\n")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert "would remove" in user_with_runs.gets("runs", "remove", "@latest", "--dry-run")
    assert len(json.loads(user_with_runs.gets("runs", "list", "--json"))["runs"]) == 2


def unprivileged() -> list[str]:
    """Words that take root's power over file permissions away; none where this is no root."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to prevent it")
    return ["setpriv", "--inh-caps=-all", "--bounding-set=-all"]


def test_a_store_that_can_t_be_written_is_still_read(user_with_runs: User) -> None:
    folders = [user_with_runs.store, *(path for path in user_with_runs.store.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        listed = user_with_runs.does("runs", "list", through=unprivileged())
        assert (listed.returncode, listed.stdout.count("complete")) == (0, 2)
        assert user_with_runs.does("runs", "show", "@latest", through=unprivileged()).returncode == 0
        for words in (["tag", "@latest", "x"], ["remove", "@latest", "--yes"]):
            done = user_with_runs.does("runs", *words, through=unprivileged())
            assert (done.returncode, done.stderr.count("\n")) == (2, 1)
            assert "Permission denied" in done.stderr
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_a_store_that_is_a_file_is_one_line(user: User) -> None:
    user.store.write_text("no store")
    for words in (["runs", "list"], ["runs", "show", "@latest"], ["runs", "reindex"]):
        done = user.does(*words)
        assert done.stderr.count("\n") <= 2
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 2)


def test_without_a_home_the_store_must_be_named(user: User) -> None:
    nobody = {"HOME": "", "ASSAY_STORE": ""}
    done = user.does("runs", "list", variables=nobody)
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert user.does("runs", "list", variables={"HOME": ""}).returncode == 0


def test_a_working_folder_that_is_gone_is_no_obstacle(user_with_runs: User) -> None:
    done = user_with_runs.in_shell('mkdir gone && cd gone && rmdir "$PWD" && assay runs list && assay config path')
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("complete") == 2


def test_a_reader_that_stops_early_is_quiet(user_with_runs: User) -> None:
    done = user_with_runs.in_shell("assay runs show @latest --json | head -n 1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


def test_a_closed_output_is_one_line(user_with_runs: User) -> None:
    for line in ("assay --help >&-", "assay runs list >&-", "assay runs list --json >&- <&-"):
        done = user_with_runs.in_shell(line)
        assert done.returncode == 2
        assert done.stderr.startswith("assay: standard output: it is closed")
        assert done.stderr.count("\n") == 1


def test_a_piped_table_is_never_cut(user: User) -> None:
    name = "a-very-long-name-of-a-target-" * 5
    fill(user.store, name=name)
    assert name in user.gets("runs", "list", variables={"COLUMNS": "40"})
    assert "\x1b" not in user.gets("runs", "list")
    assert "\x1b" in user.gets("runs", "list", variables={"FORCE_COLOR": "1"})


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize(
    "words", ["runs list", "runs show @latest", "metrics", "config show", "schema spans", "doctor"]
)
def test_a_terminal_is_never_overrun(user_with_runs: User, words: str, columns: int) -> None:
    text = user_with_runs.sees(*words.split(), columns=columns, variables={"NO_COLOR": "1"})
    copied = ("next: ", "            try", "                 ")  # commands stay whole, so that they can be copied
    lines = [line for line in text.splitlines() if not line.startswith(copied)]
    assert max(len(line) for line in lines if " " in line.strip()) <= columns  # and so do paths, on a line of their own
    assert "\x1b" not in text


def test_a_terminal_gets_colors_and_the_words_are_the_same_without(user_with_runs: User) -> None:
    colored = user_with_runs.sees("runs", "list", columns=100)
    bare = user_with_runs.sees("runs", "list", columns=100, variables={"TERM": "dumb"})
    assert "\x1b[32mcomplete\x1b[0m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == bare


def test_settings_are_shown_set_and_explained(user: User) -> None:
    user.gets("config", "set", "color", "never")
    assert user.gets("config", "get", "color") == "never\n"
    shown = user.gets("config", "show", "--origin")
    assert str(user.home / ".config/assay/config.toml") + ":1" in shown
    assert "ASSAY_STORE" in shown
    (user.work / "assay.toml").write_text('colr = "x"\nverbosity = "loud"\n', encoding="utf-8")
    done = user.does("runs", "list")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"assay: {user.work}/assay.toml:1: there is no setting 'colr'; did you mean 'color'?",
        f"assay: {user.work}/assay.toml:2: 'verbosity' is 'loud'; give one of: quiet, normal, verbose",
    ]


def test_the_machine_is_examined(user: User) -> None:
    checks = json.loads(user.gets("doctor", "--json"))["checks"]
    assert {check["state"] for check in checks} <= {"ok", "degraded", "missing"}
    text = user.gets("doctor")
    assert all(check["title"] in text for check in checks)
    faults = [check["id"] for check in checks if check["state"] != "ok"]
    if faults:
        assert user.does("doctor", "--fail-on", faults[0]).returncode == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_loads_and_completes(user_with_runs: User, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    script = user_with_runs.gets("completion", shell)
    (user_with_runs.work / "script").write_text(script, encoding="utf-8")
    loads = {
        "bash": ". ./script && complete -p assay",
        "zsh": "autoload -Uz compinit && compinit -u && source ./script && print $_comps[assay]",
        "fish": "source ./script && complete -c assay",
    }
    done = user_with_runs.in_shell(loads[shell], shell)
    assert done.returncode == 0, done.stderr
    assert "assay" in done.stdout


@pytest.mark.parametrize(
    ("words", "offered"), [("assay ru", "runs"), ("assay runs li", "list"), ("assay runs show @", "@latest")]
)
def test_words_are_completed(user_with_runs: User, words: str, offered: str) -> None:
    request = {"_ASSAY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert f"plain,{offered}\n" in user_with_runs.gets(variables=request)


def test_a_fault_of_the_store_never_shows_a_traceback(user_with_runs: User) -> None:
    (record,) = sorted(user_with_runs.store.glob("runs/*/run.json"))[:1]
    record.write_bytes(b'{"id": "\xff')
    run_id = record.parent.name
    for words in (
        ["runs", "list"],
        ["runs", "show", run_id],
        ["runs", "validate", run_id],
        ["runs", "diff", run_id, "@latest"],
    ):
        done = user_with_runs.does(*words)
        assert "Traceback" not in done.stderr
        assert "bug in Assay" not in done.stderr
        assert done.returncode in (0, 2)
