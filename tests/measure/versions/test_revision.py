from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from assay.errors import PlanError, UsageError
from assay.measure.versions.revision import Checkout, build, checked_out

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "inner").mkdir(parents=True)

    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words],
            cwd=folder,
            check=True,
            capture_output=True,
        )

    git("init", "-q", "-b", "main")
    hook = folder / ".git" / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\ntouch ../hooked\n")
    hook.chmod(0o755)
    for text in ("old", "new"):
        (folder / "inner" / "job.txt").write_text(text)
        git("add", ".")
        git("commit", "-q", "-m", text)
        git("tag", text)
    return folder


def test_a_revision_lies_beside_the_repository_and_goes_again(repository: Path) -> None:
    with checked_out("old", repository / "inner") as checkout:
        assert (checkout.folder / "job.txt").read_text() == "old"
        assert checkout.folder.name == "inner"
        assert len(checkout.name) == 12
        assert (repository / "inner" / "job.txt").read_text() == "new"
        place = checkout.folder
    assert not place.exists()
    listed = subprocess.run(["git", "worktree", "list"], cwd=repository, check=True, capture_output=True, text=True)
    assert len(listed.stdout.splitlines()) == 1
    assert not list(repository.parent.rglob("hooked"))


@pytest.mark.parametrize("revision", ["nowhere", "--help", "old..new"])
def test_what_is_no_revision_is_a_usage_error(repository: Path, revision: str) -> None:
    with pytest.raises(UsageError), checked_out(revision, repository):
        pass


def test_outside_of_a_repository_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"), checked_out("HEAD", tmp_path):
        pass


def test_a_build_runs_in_the_folder_and_its_failure_is_told(tmp_path: Path) -> None:
    checkout = Checkout(folder=tmp_path, name="abc")
    build(("sh", "-c", "echo made > made.txt"), checkout)
    assert (tmp_path / "made.txt").read_text() == "made\n"
    with pytest.raises(PlanError, match="no such rule"):
        build(("sh", "-c", "echo no such rule >&2; exit 2"), checkout)
    with pytest.raises(PlanError, match="No such file"):
        build(("no-such-builder",), checkout)
