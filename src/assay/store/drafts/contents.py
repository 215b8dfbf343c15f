"""The files of a draft: each made private, hashed and brought to disk in one pass, and listed for the record."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assay.record.base import RelativePath
from assay.record.enums import Severity
from assay.record.rows import Evidence, QualityFlag
from assay.record.run import Artifact
from assay.store.drafts.journal import Announced
from assay.store.durable import sync_folder
from assay.store.layout import FILE_MODE, FOLDER_MODE, RECORD_FILE, is_working_file


@dataclass(frozen=True)
class Contents:
    """What a draft's folder holds."""

    artifacts: tuple[Artifact, ...]
    """Its files, by path."""
    flags: tuple[QualityFlag, ...]
    """What is to be said about files that are not there."""


def take_in(folder: Path, announced: Iterable[Announced], series_files: Iterable[str]) -> Contents:
    """Make every file of the draft private and durable, and describe those that are not series."""
    promises = {entry.file: entry for entry in announced}
    written = frozenset(series_files)
    artifacts, left_out = [], 0
    for relative in _files_below(folder):
        if _is_plain(folder / relative) and (kept := _storable_name(folder, relative)):
            size, sha256 = _settle(folder / kept)
            if kept not in written:
                artifacts.append(_artifact(kept, promises.get(kept), size, sha256))
        else:
            (folder / relative).unlink()
            left_out += 1
    _drop_empty_folders(folder)
    absent = len(promises.keys() - {artifact.file for artifact in artifacts} - written)
    return Contents(tuple(artifacts), tuple(_flags(left_out, absent)))


def sync_folders(folder: Path) -> None:
    """Bring the entries of every folder below, and of the folder itself, to disk."""
    for here, _, _ in os.walk(folder, topdown=False):
        sync_folder(Path(here))


def _files_below(folder: Path) -> list[str]:
    found = []
    for here, folders, files in os.walk(folder):
        base = Path(here)
        base.chmod(FOLDER_MODE)
        links = [name for name in folders if (base / name).is_symlink()]
        found += [(base / name).relative_to(folder).as_posix() for name in (*files, *links)]
    return sorted(name for name in found if name != RECORD_FILE and not is_working_file(name))


def _drop_empty_folders(folder: Path) -> None:
    """A record lists files only, and a folder for one that was never written would be no part of the run."""
    for here, _, _ in os.walk(folder, topdown=False):
        path = Path(here)
        if path != folder and not any(path.iterdir()):
            path.rmdir()


def _is_plain(path: Path) -> bool:
    return stat.S_ISREG(path.stat(follow_symlinks=False).st_mode)


def _storable_name(folder: Path, relative: str) -> str | None:
    """The path under which a file can be recorded: other characters become ``=`` and two hex digits."""
    name = relative if _is_storable(relative) else "/".join(map(_spelled, relative.split("/")))
    if not _is_storable(name) or (name != relative and (folder / name).exists()):
        return None
    if name != relative:
        (folder / name).parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        (folder / relative).rename(folder / name)
    return name


def _is_storable(relative: str) -> bool:
    try:
        msgspec.convert(relative, RelativePath)
    except msgspec.ValidationError:
        return False
    return True


def _spelled(part: str) -> str:
    text = "".join(
        letter if re.fullmatch("[A-Za-z0-9_.@+-]", letter) else "".join(f"={byte:02X}" for byte in os.fsencode(letter))
        for letter in part
    )
    return text if text[0].isalnum() or text[0] == "_" else f"_{text}"


def _settle(path: Path) -> tuple[int, str]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        os.fchmod(descriptor, FILE_MODE)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        os.fsync(descriptor)
    return size, sha256


def _artifact(file: str, promise: Announced | None, size: int, sha256: str) -> Artifact:
    collector = promise.collector if promise else _collector_of(file)
    media_type = promise.media_type if promise else "application/octet-stream"
    return Artifact(file=file, collector=collector, media_type=media_type, size_bytes=size, sha256=sha256)


def _collector_of(file: str) -> str:
    """Files that nobody announced belong to the collector in whose folder they lie."""
    parts = file.split("/")
    return parts[1] if parts[0] == "raw" and len(parts) > 2 else "launcher"


def _flags(left_out: int, absent: int) -> list[QualityFlag]:
    flags = []
    if left_out:
        flags.append(_flag("files_left_out", "Links and special files of a collector were not kept.", left_out))
    if absent:
        flags.append(_flag("files_not_written", "A collector announced files and did not write them.", absent))
    return flags


def _flag(name: str, message: str, count: int) -> QualityFlag:
    evidence = (Evidence(name="files", value=float(count)),)
    return QualityFlag(id=name, severity=Severity.INFO, message=message, evidence=evidence)
