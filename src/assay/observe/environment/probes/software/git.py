"""The source state of the target's folder; the commit is read without git, whether files differ only with it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from assay.observe.environment.facts import Facts, Unknown, known, spread
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

LONGEST_WAIT_S = 2.0
_LARGEST_FILE_BYTES = 16 * 1024 * 1024
_STATUS = (
    "git",
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.untrackedCache=false",
    "status",
    "--porcelain",
    "--untracked-files=no",
    "--ignore-submodules=all",
)
"""Reads only: no lock, no index refresh written, no helper started."""


def _read(sources: Sources) -> Facts:
    folder = _repository(sources.cwd)
    if isinstance(folder, Unknown):
        return spread(PLUGIN.fields, folder)
    head = _text(folder / "HEAD")
    if isinstance(head, Unknown):
        return spread(PLUGIN.fields, head)
    dirty = _dirty(sources)
    if not head.startswith("ref: "):
        return {"commit": _sha(head), "branch": Unknown("no branch is checked out (detached HEAD)"), "dirty": dirty}
    reference = head.removeprefix("ref: ").strip()
    return {
        "commit": _resolved(folder, reference),
        "branch": reference.removeprefix("refs/heads/"),
        "dirty": dirty,
    }


def _repository(cwd: Path) -> Path | Unknown:
    """The repository's own folder: ``.git``, or where a ``.git`` file of a worktree points."""
    if not cwd.is_dir():
        return Unknown("the target's folder does not exist")
    for folder in (cwd, *cwd.parents):
        place = folder / ".git"
        if place.is_dir():
            return place
        if place.is_file():
            text = _text(place)
            return text if isinstance(text, Unknown) else folder / text.removeprefix("gitdir:").strip()
    return Unknown("the folder is in no git repository")


def _resolved(folder: Path, reference: str) -> str | Unknown:
    """The commit of a branch: from its own file, or from the packed list, of the worktree or the main repository."""
    if ".." in Path(reference).parts or not reference.startswith("refs/"):
        return Unknown(f"HEAD names no branch: {reference[:80]!r}")
    common = _text(folder / "commondir")
    for place in (folder, *(() if isinstance(common, Unknown) else (folder / common,))):
        own = _text(place / reference)
        if not isinstance(own, Unknown):
            return _sha(own)
        packed = known(_text(place / "packed-refs")) or ""
        found = re.search(rf"^([0-9a-f]{{40,64}}) {re.escape(reference)}$", packed, re.MULTILINE)
        if found:
            return found[1]
    return Unknown(f"{reference} has no commit yet, or is kept in a format that only git reads")


def _sha(text: str) -> str | Unknown:
    return text if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text) else Unknown(f"not a commit: {text[:80]!r}")


def _text(path: Path) -> str | Unknown:
    try:
        if not path.is_file():
            return Unknown(f"{path.name} is not a file")
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE_BYTES).decode("utf-8", "replace").strip()
    except OSError as error:
        return Unknown(f"{path.name} can't be read: {error.strerror or error}")


def _dirty(sources: Sources) -> bool | Unknown:
    kept = {name: value for name, value in sources.environ.items() if not name.startswith("GIT_")}
    environ = {
        **kept,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        "PATH": _search_path(sources),
    }
    try:
        answer = subprocess.run(
            _STATUS,
            cwd=sources.cwd,
            env=environ,
            capture_output=True,
            timeout=LONGEST_WAIT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except FileNotFoundError:
        return Unknown("git is not installed, and only it can compare files with the commit")
    except subprocess.TimeoutExpired:
        return Unknown(f"git status took longer than {LONGEST_WAIT_S:g} s")
    except OSError as error:
        return Unknown(f"git could not be started: {error.strerror or error}")
    if answer.returncode != 0:
        said = answer.stderr.decode("utf-8", "replace").strip().splitlines()
        return Unknown(f"git status failed: {said[0] if said else answer.returncode}")
    return bool(answer.stdout.strip())


def _search_path(sources: Sources) -> str:
    return sources.environ.get("PATH") or os.defpath


PLUGIN = Probe(section="git", fields=("commit", "branch", "dirty"), read=_read)
