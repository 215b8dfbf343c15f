"""A run's folder from elsewhere: every file listed, of the right size and hash, and nothing else there.

No link is followed, nothing but regular files is opened, and no file is read further than its recorded size.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.errors import RecordError
from assay.record.codec import RUN_BYTES_MAX, decode_run
from assay.record.fingerprint import fingerprint
from assay.record.run import RUN_FILE, Artifact, Run, Series
from assay.store.durable import open_inside
from assay.store.exchange.child.caller import inspect_series
from assay.store.exchange.opening import kind_of, reason_of
from assay.store.exchange.report import PROBLEMS_LISTED, ValidationReport, problem, refusal

ENTRIES_MAX = 100_000
"""Most files and folders a run's folder may have."""

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_SPARSE_FROM_BYTES = 64 << 20
"""From this size on a file must not have holes: reading them costs time without end."""


def check_folder(folder: Path, where: str) -> ValidationReport:
    """All problems of the run in ``folder``; ``where`` is what the user calls it."""
    try:
        run = read_record(folder, f"{where}/{RUN_FILE}")
    except RecordError as error:
        return ValidationReport(source=where, run=None, problems=(str(error),))
    fingerprints = false_fingerprints(run, f"{where}/{RUN_FILE}")
    found = [*fingerprints, *_strangers(folder, run, where), *_changed_files(folder, run, where)]
    if not found:
        found = list(_bad_series(folder, run, where))
    problems = tuple(found[:PROBLEMS_LISTED])
    return ValidationReport(source=where, run=run, problems=problems, files_checked=len(_files_of(run)))


def false_fingerprints(run: Run, where: str) -> Iterator[str]:
    """Hashes that are not those of the record's own facts: it would pass for a run of another workload or machine."""
    right = fingerprint(run.plan, run.software, run.environment, ())
    for field in ("workload_sha256", "configuration_sha256", "machine_sha256", "exact_sha256"):
        if getattr(run.fingerprints, field) != getattr(right, field):
            yield problem(where, f"/fingerprints/{field}", "not the hash of what the record says", "restore the file")


def read_record(folder: Path, where: str) -> Run:
    """The record of a folder, read without following links and within its bound."""
    try:
        with os.fdopen(open_inside(folder, RUN_FILE), "rb") as file:
            data = file.read(RUN_BYTES_MAX + 1)
    except (OSError, RecordError) as error:
        raise refusal(where, f"can't be read: {_reason(error)}", "name a run's folder, file or archive") from error
    return decode_run(data, where=where)


def _files_of(run: Run) -> list[tuple[str, Series | Artifact]]:
    series = [(f"/series/{number}", item) for number, item in enumerate(run.series)]
    return [*series, *((f"/artifacts/{number}", item) for number, item in enumerate(run.artifacts))]


def _strangers(folder: Path, run: Run, where: str) -> Iterator[str]:
    """Files that the record does not list, and everything that is neither a file nor a folder."""
    listed = {item.file for _, item in _files_of(run)} | {RUN_FILE}
    folders = {path.rpartition("/")[0] for path in listed}
    folders |= {"/".join(path.split("/")[:depth]) for path in listed for depth in range(1, path.count("/"))}
    for count, (path, mode) in enumerate(_entries(folder, sorted(folders))):
        if count >= ENTRIES_MAX:
            yield problem(where, "/artifacts", f"more than {ENTRIES_MAX} files and folders")
            return
        if stat.S_ISDIR(mode):
            what = "" if path in folders else "the record lists nothing in this folder"
        elif stat.S_ISREG(mode):
            what = "" if path in listed else "the record does not list this file"
        else:
            what = f"{kind_of(mode)}, where only files may be"
        if what:
            yield problem(f"{where}/{path}", "/artifacts", what, "remove it")


def _entries(folder: Path, inside: list[str]) -> Iterator[tuple[str, int]]:
    """Path and mode of all that lies in the folders ``inside``; no other is entered, and no link followed."""
    for relative in inside:
        try:
            descriptor = _open_folder(folder, relative)
        except OSError:
            continue  # a link or a gap on the way: its entry, or its files, are problems already
        prefix = f"{relative}/" if relative else ""
        with _closed(descriptor), os.scandir(descriptor) as entries:
            yield from ((prefix + entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries)


@contextmanager
def _closed(descriptor: int) -> Iterator[None]:
    try:
        yield
    finally:
        os.close(descriptor)


def _open_folder(folder: Path, relative: str) -> int:
    here = os.open(folder, _FOLDER_FLAGS)
    for part in relative.split("/") if relative else ():
        with _closed(here):
            here = os.open(part, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=here)
    return here


def _changed_files(folder: Path, run: Run, where: str) -> Iterator[str]:
    for pointer, item in _files_of(run):
        try:
            with os.fdopen(open_inside(folder, item.file), "rb") as file:
                field, what = _difference(file.fileno(), item)
        except (OSError, RecordError) as error:
            field, what = "file", f"{item.file} can't be read: {_reason(error)}"
        if what:
            yield problem(f"{where}/{RUN_FILE}", f"{pointer}/{field}", what)


def _difference(descriptor: int, item: Series | Artifact) -> tuple[str, str]:
    """Field of the record that the file contradicts, and how."""
    size = os.fstat(descriptor).st_size
    if size != item.size_bytes:
        return "size_bytes", f"{item.file} has {size} bytes, not {item.size_bytes}"
    if size > _SPARSE_FROM_BYTES and os.lseek(descriptor, 0, os.SEEK_HOLE) < size:
        return "file", f"{item.file} is sparse"
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ("", "") if sha256 == item.sha256 else ("sha256", f"{item.file} has another SHA-256: {sha256}")


def _bad_series(folder: Path, run: Run, where: str) -> Iterator[str]:
    for number, found in enumerate(inspect_series(folder, run.series)):
        if found:
            yield problem(f"{where}/{RUN_FILE}", f"/series/{number}/file", f"{run.series[number].file}: {found}")


def _reason(error: OSError | RecordError) -> str:
    return error.what if isinstance(error, RecordError) else reason_of(error)
