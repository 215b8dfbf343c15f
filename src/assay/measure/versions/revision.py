"""Revisions of a git repository, each checked out beside it for as long as it is measured."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assay.errors import PlanError, UsageError
from assay.record.base import Record

_PATIENCE_S = 300.0
_GIT = ("git", "-C")
_SHORT = 12
_LONGEST_WORDS = 400


class Checkout(Record, kw_only=True):
    """A revision that lies in a folder of its own."""

    folder: Path
    """The folder that corresponds to the one that was asked from."""
    name: str
    """What the build is called: the beginning of the commit."""


@contextmanager
def checked_out(revision: str, cwd: Path) -> Iterator[Checkout]:
    """The revision in a fresh folder, which goes when the block ends. The repository's own files stay untouched."""
    root = Path(_git(cwd, "rev-parse", "--show-toplevel"))
    commit = _git(cwd, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    place = Path(tempfile.mkdtemp(prefix="assay-worktree-"))
    tree = place / root.name
    try:
        # hooks of the repository are not ours to run
        _git(cwd, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", "--force", str(tree), commit)
        yield Checkout(folder=tree / cwd.resolve().relative_to(root.resolve()), name=commit[:_SHORT])
    finally:
        subprocess.run([*_GIT, str(cwd), "worktree", "remove", "--force", str(tree)], check=False, capture_output=True)
        shutil.rmtree(place, ignore_errors=True)


def build(words: Sequence[str], checkout: Checkout) -> None:
    """Run what builds the revision in its folder; where it fails, its last words are the error."""
    try:
        done = subprocess.run(words, cwd=checkout.folder, check=False, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise PlanError(error.strerror or "can't be run", where=words[0], remedy="check --build") from error
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[-_LONGEST_WORDS:]
        what = f"the build of {checkout.name} ended with {done.returncode}: {said}"
        raise PlanError(what, where=words[0], remedy="mend the build, or choose another revision")


def _git(cwd: Path, *words: str) -> str:
    """What git prints, or its complaint."""
    try:
        done = subprocess.run(
            [*_GIT, str(cwd), *words], check=False, capture_output=True, text=True, timeout=_PATIENCE_S
        )
    except FileNotFoundError as error:
        raise PlanError("git was not found", where="git", remedy="install it, or compare without --worktree") from error
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"there is no revision {words[-1].removesuffix('^{commit}')!r}"
        raise UsageError(said[-_LONGEST_WORDS:], where="git", remedy="name a commit, branch or tag of this repository")
    return done.stdout.strip()
