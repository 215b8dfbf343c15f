"""Taking a run from elsewhere into a store: checked in full first, visible whole or not at all, under its own id."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from assay.errors import RunNotFoundError
from assay.record.base import Record
from assay.record.codec import RUN_BYTES_MAX, decode_run, encode_run
from assay.record.run import RUN_FILE, Run, files_of
from assay.store.durable import digest_inside, open_inside, write_new
from assay.store.exchange.folder import check_folder
from assay.store.exchange.opening import Form, Source, open_source
from assay.store.exchange.report import refusal
from assay.store.exchange.unpacking import unpacked
from assay.store.layout import FOLDER_MODE
from assay.store.local import Store
from assay.store.scratch import scratch_elsewhere

_CHUNK_BYTES = 1 << 20


class Imported(Record, kw_only=True):
    """What became of one import."""

    id: str
    """The run's id, which it keeps."""
    already_there: bool
    """Whether the store held the same run before, so that nothing was done."""


def import_run(path: str | os.PathLike[str], store: Store) -> Imported:
    """Take in the run of an archive, a run's folder or a record without files."""
    where = os.fspath(path)
    with open_source(Path(path)) as source:
        if source.form is Form.FOLDER:
            return _adopt(Path(path), where, store)
        if source.form is Form.RECORD:
            return _adopt_record(source, store)
        with unpacked(source) as folder:
            return _adopt(folder, where, store)


def _adopt_record(source: Source, store: Store) -> Imported:
    run = decode_run(source.read(RUN_BYTES_MAX + 1), where=source.where)
    return adopt_record(run, source.where, store)


def adopt_record(run: Run, where: str, store: Store) -> Imported:
    """Take in a record that has no files."""
    if run.series or run.artifacts:
        count = len(run.series) + len(run.artifacts)
        raise refusal(where, f"the record alone, without its {count} files", "import an archive", "/artifacts")
    with scratch_elsewhere() as folder:
        (folder / RUN_FILE).write_bytes(encode_run(run))
        return _adopt(folder, where, store)


def _adopt(folder: Path, where: str, store: Store) -> Imported:
    report = check_folder(folder, where)
    if report.run is None or not report.valid:
        raise report.error()
    here = _same_id(report.run, store)
    if here is not None:
        if here != report.run:
            what = f"the store holds another run of the id {report.run.id}"
            raise refusal(where, what, "remove that one first, or import into another store", "/id")
        return Imported(id=here.id, already_there=True)
    with store.receive(report.run.id) as incoming:
        _copy_files(folder, report.run, incoming, where)
        write_new(incoming / RUN_FILE, encode_run(report.run))
    return Imported(id=report.run.id, already_there=False)


def _copy_files(folder: Path, run: Run, target: Path, where: str) -> None:
    """Copy what was checked; a file that changes meanwhile is refused."""
    for item in files_of(run):
        path = target / item.file
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with os.fdopen(open_inside(folder, item.file), "rb") as source, path.open("xb") as copy:
            shutil.copyfileobj(source, copy, _CHUNK_BYTES)
        if digest_inside(target, item.file) != (item.size_bytes, item.sha256):
            raise refusal(where, f"{item.file} changed while it was read", "import it again when it is at rest")


def _same_id(run: Run, store: Store) -> Run | None:
    try:
        return store.get(run.id).record
    except RunNotFoundError:
        return None
