"""The interpreter, its libraries, the variables and the source state."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.observe.environment import Sources, capture_from
from assay.observe.environment.probes.software.packages import packages
from assay.record.environment import Environment, Git
from tests.observe.environment.machines import SYSTEM, make_machine

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path) -> str:
    folder.mkdir(parents=True)
    git(folder, "init")
    (folder / "file").write_text("one\n")
    git(folder, "add", "file")
    git(folder, "commit", "-m", "first")
    return git(folder, "rev-parse", "HEAD")


def captured(cwd: Path, environ: dict[str, str] | None = None) -> Environment:
    path = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    return capture_from(Sources(cwd=cwd, environ=path if environ is None else environ))


def source_state(cwd: Path, environ: dict[str, str] | None = None) -> Git:
    return captured(cwd, environ).git


def reason(environment: Environment, field: str) -> str:
    return next(entry.reason for entry in environment.absent if entry.field == field)


@needs_git
def test_a_clean_and_a_dirty_folder_are_told_apart(tmp_path: Path) -> None:
    commit = repository(tmp_path / "repo")
    assert source_state(tmp_path / "repo") == Git(commit=commit, branch="main", dirty=False)
    (tmp_path / "repo/file").write_text("two\n")
    assert source_state(tmp_path / "repo").dirty is True


@needs_git
def test_untracked_files_are_no_change(tmp_path: Path) -> None:
    repository(tmp_path / "repo")
    (tmp_path / "repo/new").write_text("x")
    assert source_state(tmp_path / "repo").dirty is False


@needs_git
def test_a_packed_branch_a_detached_head_and_a_worktree_are_resolved(tmp_path: Path) -> None:
    commit = repository(tmp_path / "repo")
    git(tmp_path / "repo", "pack-refs", "--all")
    assert source_state(tmp_path / "repo").commit == commit
    git(tmp_path / "repo", "worktree", "add", "-b", "side", str(tmp_path / "tree"))
    assert source_state(tmp_path / "tree") == Git(commit=commit, branch="side", dirty=False)
    git(tmp_path / "repo", "checkout", "--detach")
    environment = captured(tmp_path / "repo")
    assert (environment.git.commit, environment.git.branch) == (commit, None)
    assert "detached" in reason(environment, "/git/branch")


@needs_git
def test_looking_writes_nothing_into_the_repository(tmp_path: Path) -> None:
    repository(tmp_path / "repo")
    index = tmp_path / "repo/.git/index"
    (tmp_path / "repo/file").touch()
    before = index.stat().st_mtime_ns, sorted(path.name for path in (tmp_path / "repo/.git").iterdir())
    source_state(tmp_path / "repo")
    assert (index.stat().st_mtime_ns, sorted(path.name for path in (tmp_path / "repo/.git").iterdir())) == before


@needs_git
def test_without_the_git_program_the_commit_is_still_known(tmp_path: Path) -> None:
    commit = repository(tmp_path / "repo")
    environment = captured(tmp_path / "repo", {"PATH": str(tmp_path)})
    assert (environment.git.commit, environment.git.branch, environment.git.dirty) == (commit, "main", None)
    assert "git is not installed" in reason(environment, "/git/dirty")


@needs_git
def test_a_program_called_git_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path / "repo")
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr("assay.observe.environment.probes.software.git.LONGEST_WAIT_S", 0.2)
    environment = captured(tmp_path / "repo", {"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert environment.git.dirty is None
    assert "took longer" in reason(environment, "/git/dirty")


def test_a_folder_in_no_repository_and_a_missing_one_say_so(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    environment = captured(Path("/"))
    assert environment.git == Git(commit=None, branch=None, dirty=None)
    assert "no git repository" in reason(environment, "/git/commit")
    assert "does not exist" in reason(captured(tmp_path / "absent"), "/git/commit")


@pytest.mark.parametrize(
    ("head", "said"),
    [("ref: ../../etc/passwd", "names no branch"), ("nonsense", "not a commit"), ("ref: refs/heads/x", "no commit")],
)
def test_a_broken_repository_gives_a_reason(tmp_path: Path, head: str, said: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text(f"{head}\n")
    assert said in reason(captured(tmp_path), "/git/commit")


def test_packages_are_named_as_pip_names_them(tmp_path: Path) -> None:
    names = (
        "Foo.Bar-1.2.dist-info",
        "foo_bar-9.dist-info",
        "old-0.1-py3.11.egg-info",
        "editable-1.0+local.dist-info",
        "x.py",
    )
    for folder, name in zip((tmp_path / "a", tmp_path / "b", *[tmp_path / "a"] * 3), names, strict=True):
        (folder / name).mkdir(parents=True)
    found = packages((str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "none")))
    assert found == {"foo-bar": "1.2", "old": "0.1", "editable": "1.0+local"}


def test_the_packages_of_this_interpreter_are_there() -> None:
    found = {package.name for package in captured(Path("/")).python.packages or ()}
    assert {"msgspec", "numpy", "pytest"} <= found


def test_the_interpreter_hides_whose_home_it_lies_in() -> None:
    home = str(Path(sys.executable).parent.parent)
    executable = captured(Path("/"), {"HOME": home}).python.executable or ""
    assert executable.startswith("~/")
    assert home not in executable


def test_variables_come_by_allow_list_and_masked() -> None:
    environ = {
        "OMP_NUM_THREADS": "4",
        "HF_TOKEN": "hf_aaaaaaaaaaaaaaaaaaaa",
        "DB_PASSWORD": "x",
        "HOME": "/root",
        "CUDA_X": "\udcff",
    }
    variables = {variable.name: variable.value for variable in captured(Path("/"), environ).variables or ()}
    assert variables == {"OMP_NUM_THREADS": "4", "HF_TOKEN": "[masked]", "CUDA_X": "?"}


def test_thread_pools_are_read_from_the_process_that_is_shown(tmp_path: Path) -> None:
    environment = capture_from(make_machine(tmp_path, SYSTEM))
    pools = environment.python.blas or ()
    assert [(pool.kind, pool.library, pool.loaded) for pool in pools] == [
        ("gomp", "libgomp.so.1.0.0", True),
        ("openblas", "libscipy_openblas64_-32a4b2a6.so", True),
    ]
    assert reason(environment, "/python/blas/0/threads") == "the library belongs to another machine"
