"""What killed processes left: drafts become interrupted runs, half-done removals are finished."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from assay.errors import AssayError, StoreError
from assay.record.codec import decode_run, encode_run
from assay.record.enums import Status
from assay.store.drafts.assemble import MISSED_SEAL, interrupted_run
from assay.store.drafts.seal import MAX_JOURNAL_BYTES, drop_working_files, publish, seal_folder
from assay.store.durable import make_folder, read_inside, replace_file, storage, write_new
from assay.store.layout import (
    INCOMING_PREFIX,
    JOURNAL_FILE,
    RECORD_FILE,
    REMOVED_PREFIX,
    Layout,
    is_ulid,
)
from assay.store.lock import FolderLock, folder_of
from assay.store.spans.writer import recover

_UNREADABLE = (AssayError, OSError, ArithmeticError, LookupError, NotImplementedError, TypeError, ValueError)
"""What comes of a journal or a stream whose bytes are not what was written."""
REASON_FILE = "damaged.txt"


class Salvaged(msgspec.Struct, frozen=True):
    """What became of one draft."""

    id: str
    folder: Path
    """Where it lies now."""
    problem: str = ""
    """Why no run could be made of it; empty for an interrupted run."""


def salvage(layout: Layout, shelf: Path) -> tuple[Salvaged, ...]:
    """Deal with every folder in ``tmp`` that nobody holds. Costs one look into an empty folder when there is none."""
    done, errors = [], []
    for name in _names(layout.tmp):
        try:
            done.append(_deal_with(layout, shelf, name))
        except StoreError as error:
            # One that can't be dealt with now does not keep the others waiting.
            errors.append(error)
    if errors:
        raise errors[0]
    return tuple(salvaged for salvaged in done if salvaged is not None)


def _names(tmp: Path) -> list[str]:
    with storage("look for drafts", tmp):
        try:
            return sorted(entry.name for entry in tmp.iterdir())
        except FileNotFoundError:
            return []


def _deal_with(layout: Layout, shelf: Path, name: str) -> Salvaged | None:
    guarded = folder_of(name)
    if guarded is not None:
        _with_lock(layout, guarded, lambda: None)
    elif name.startswith(REMOVED_PREFIX):
        shutil.rmtree(layout.tmp / name, ignore_errors=True)
    elif name.startswith(INCOMING_PREFIX):
        _with_lock(layout, name, lambda: shutil.rmtree(layout.tmp / name, ignore_errors=True))
    elif is_ulid(name):
        return _with_lock(layout, name, lambda: _rescue(layout, shelf, layout.draft(name)))
    return None


def _with_lock(layout: Layout, name: str, action: Callable[[], Salvaged | None]) -> Salvaged | None:
    """Act on a folder nobody holds; its lock file goes when the folder is gone."""
    lock, folder = FolderLock(layout.tmp, name), layout.tmp / name
    with storage("salvage a draft", folder):
        if not lock.acquire():
            return None
        try:
            result = action() if folder.exists() else None
            if not folder.exists():
                lock.dispose()
        finally:
            lock.release()
    return result


def _rescue(layout: Layout, shelf: Path, folder: Path) -> Salvaged | None:
    if not _tells_anything(folder):
        shutil.rmtree(folder)
        return None
    try:
        return Salvaged(folder.name, _as_interrupted(folder, shelf))
    except _UNREADABLE as error:
        if _is_of_the_system(error):
            raise
        return _set_aside(layout, folder, " ".join(str(error).split()) or type(error).__name__)


def _is_of_the_system(error: BaseException) -> bool:
    """Whether the store could not be written or read just now, so that the next attempt may succeed."""
    cause = error.__cause__ if isinstance(error, StoreError) else error
    return isinstance(cause, OSError) and cause.errno not in {None, errno.EEXIST}


def _tells_anything(folder: Path) -> bool:
    """Whether anything was recorded: a draft killed in its first moment is a folder with less than a line in it."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    return names not in (set(), {JOURNAL_FILE}) or (
        JOURNAL_FILE in names and b"\n" in read_inside(folder, JOURNAL_FILE, MAX_JOURNAL_BYTES)
    )


def _as_interrupted(folder: Path, shelf: Path) -> Path:
    """Seal what the journal tells; where it is gone already, run.json tells the same."""
    if (folder / JOURNAL_FILE).exists():
        return seal_folder(folder, shelf, interrupted_run, recover)
    run = decode_run(read_inside(folder, RECORD_FILE), where=str(folder / RECORD_FILE))
    run = msgspec.structs.replace(run, status=Status.INTERRUPTED, status_reason=MISSED_SEAL)
    replace_file(folder / RECORD_FILE, encode_run(run))
    drop_working_files(folder)
    publish(folder, shelf)
    return shelf / folder.name


def _set_aside(layout: Layout, folder: Path, problem: str) -> Salvaged:
    """Keep a draft that no run can be made of, where nobody takes it for one."""
    make_folder(layout.damaged)
    target = layout.damaged / folder.name
    (folder / REASON_FILE).unlink(missing_ok=True)
    write_new(folder / REASON_FILE, f"{problem}\n".encode())
    folder.rename(target)
    return Salvaged(folder.name, target, problem)
