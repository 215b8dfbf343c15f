"""A run being written: what is added is in its journal at once, and sealing makes it a run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, Unpack

import msgspec

from assay.errors import AssayError, StoreError, UsageError
from assay.record.enums import Status
from assay.record.environment import Environment
from assay.record.ids import new_ulid
from assay.record.plan import Outcome, Plan, Position, Software
from assay.record.rows import Device, EnergyWindow, Metric, OpRow, QualityFlag, StepRow
from assay.record.run import Clock, Expectation, Series
from assay.store.drafts.assemble import whole_run
from assay.store.drafts.journal import Abandoned, Added, Announced, Begun, Entry, Finished, Journal, anchor_now
from assay.store.drafts.seal import seal_folder
from assay.store.durable import make_folder, storage
from assay.store.layout import FOLDER_MODE, JOURNAL_FILE, RECORD_FILE, Layout, is_working_file
from assay.store.lock import FolderLock
from assay.store.run import StoredRun
from assay.store.spans.writer import SampleWriter, SeriesWriter, SpanWriter

if TYPE_CHECKING:
    from assay.store.drafts.tables import RawTable, RawTables


class Rows(TypedDict, total=False):
    """Sections of the record that grow while it is measured."""

    devices: Sequence[Device]
    ops: Sequence[OpRow]
    steps: Sequence[StepRow]
    metrics: Sequence[Metric]
    energy: Sequence[EnergyWindow]
    quality: Sequence[QualityFlag]
    expectations: Sequence[Expectation]


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a run before it starts."""

    plan: Plan
    environment: Environment
    software: Software
    position: Position = Position()


class Shelf(msgspec.Struct, frozen=True):
    """Where sealed runs go."""

    folder: Path
    """Receives the sealed folder, by one rename."""
    deliver: Callable[[Path], StoredRun]
    """What follows: nothing for a local store, the upload for a distant one."""

    def has(self, ulid: str) -> bool:
        """Whether a run of that id lies there."""
        return (self.folder / ulid).exists()


class Draft:
    """A run being written. Everything it is told survives a kill; nothing of it is seen before :meth:`seal`.

    Leave the ``with`` block by an exception, or die: what was recorded becomes a run of status ``interrupted``.
    Collectors may add from several threads. A forked child can't use it.
    """

    def __init__(self, layout: Layout, beginning: Beginning, shelf: Shelf, ulid: str | None = None) -> None:
        if ulid is not None and shelf.has(ulid):
            raise StoreError("this run is there already", where=ulid, remedy="look at it with `assay runs show`")
        self._shelf = shelf
        self._owner_pid = os.getpid()
        with storage("begin a run", layout.root):
            layout.create()
            self._lock, self._folder = _claim(layout, ulid or new_ulid())
            with _released_on_error(self._lock):
                self._journal = Journal(self._folder / JOURNAL_FILE)
                self._append(_begun(self.id, beginning))
        self._finished = False

    @property
    def id(self) -> str:
        """The run's id."""
        return self._folder.name

    @property
    def folder(self) -> Path:
        """Where files of the run are written until it is sealed."""
        return self._folder

    @cached_property
    def spans(self) -> SpanWriter:
        """Writer of timed spans; nothing is loaded or written before its first row."""
        self._check_usable()
        return SpanWriter(self._folder)

    @cached_property
    def samples(self) -> SampleWriter:
        """Writer of time series, such as power over time."""
        self._check_usable()
        return SampleWriter(self._folder)

    def table(self, kind: str) -> RawTable:
        """Writer of one kind of raw table, ``record.diagnosis.raw``; no rows, no file."""
        self._check_usable()
        return self._tables.writer(kind)

    def flush_tables(self) -> None:
        """Write what raw tables hold so far, so that their files can be read while the draft is open."""
        if "_tables" in self.__dict__:
            self._tables.flush()

    @cached_property
    def _tables(self) -> RawTables:
        from assay.store.drafts.tables import RawTables  # pyarrow: only for runs that have such tables

        return RawTables(self.artifact)

    def artifact(self, file: str, *, collector: str, media_type: str = "application/octet-stream") -> Path:
        """Announce a file and get the path to write it to; its folder is there."""
        if {".", "..", ""} & set(file.split("/")) or file == RECORD_FILE or is_working_file(file):
            raise UsageError(f"{file!r} can't be a file of a run", remedy="choose a path like raw/<collector>/<file>")
        with storage("announce a file", self._folder):
            self._append(Announced(file=file, collector=collector, media_type=media_type))
            path = self._folder / file
            make_folder(path.parent)
        return path

    def add(self, **rows: Unpack[Rows]) -> None:
        """Add rows to sections of the record; a device that is added again replaces its former description."""
        given: dict[str, Any] = {**rows}
        sections = {name: tuple(values) for name, values in given.items()}
        with storage("record rows", self._folder):
            self._append(Added(at_ns=anchor_now().monotonic_ns, **sections))

    def finish(
        self,
        *,
        status: Status = Status.COMPLETE,
        outcome: Outcome | None = None,
        clock: Clock | None = None,
        reason: str = "",
    ) -> None:
        """Say how the run ended; ``reason`` is given exactly when it is not complete."""
        if (status is Status.COMPLETE) == bool(reason):
            raise UsageError("a reason is given exactly when a run is not complete", remedy="pass `reason`")
        ending = Finished(at=anchor_now(), status=status, outcome=outcome or Outcome(), clock=clock, reason=reason)
        with storage("record the end of a run", self._folder):
            self._append(ending)
        self._finished = True

    def seal(self) -> StoredRun:
        """Validate, hash and bring everything to disk, and only then make it a run that others see."""
        if not self._finished:
            raise StoreError("the draft is not finished", where=self.id, remedy="call draft.finish(...) before seal()")
        self._check_usable()
        try:
            with storage("seal a run", self._folder):
                self._close_tables()
                self._journal.close()
                sealed = seal_folder(self._folder, self._shelf.folder, whole_run, self._finish_series)
                self._lock.dispose()
        finally:
            self._let_go()
        return self._shelf.deliver(sealed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None:
            self.abandon(f"ended by {type(error).__name__}: {error}".strip(": "))

    def abandon(self, reason: str) -> None:
        """Give up: what was recorded becomes an interrupted run the next time the store is opened."""
        if not self._lock.held:
            return
        # Where the store can't be written, which may be why the draft is given up, the folder tells enough.
        with suppress(StoreError), storage("give up a draft", self._folder):
            self._append(Abandoned(at=anchor_now(), reason=reason[:4096]))
        self._let_go()

    def _append(self, entry: Entry) -> None:
        self._check_usable()
        self._journal.append(entry)

    def _check_usable(self) -> None:
        if os.getpid() != self._owner_pid:
            raise StoreError("a draft can't be used in a forked child", remedy="record in the process that began it")
        if not self._lock.held:
            raise StoreError("the draft is closed", where=self.id, remedy="begin a new one")

    def _writers(self) -> list[SeriesWriter]:
        return [self.__dict__[name] for name in ("spans", "samples") if name in self.__dict__]

    def _close_tables(self) -> None:
        if "_tables" in self.__dict__:
            self._tables.close()

    def _finish_series(self, _: Path) -> tuple[Series, ...]:
        return tuple(entry for writer in self._writers() for entry in writer.finalise())

    def _let_go(self) -> None:
        """Close everything and free the folder, whatever can't be written any more."""
        with suppress(AssayError, OSError):
            self._close_tables()
        for writer in self._writers():
            with suppress(AssayError, OSError):
                writer.close()
        self._journal.close()
        self._lock.release()


def _claim(layout: Layout, ulid: str) -> tuple[FolderLock, Path]:
    """A fresh locked folder; the lock is taken first, so that no one takes the folder for abandoned."""
    lock, folder = FolderLock(layout.tmp, ulid), layout.draft(ulid)
    lock.acquire(wait=True)
    with _released_on_error(lock):
        folder.mkdir(mode=FOLDER_MODE)
    return lock, folder


@contextmanager
def _released_on_error(lock: FolderLock) -> Iterator[None]:
    try:
        yield
    except (AssayError, OSError):
        lock.release()
        raise


def _begun(ulid: str, beginning: Beginning) -> Begun:
    at = anchor_now()
    created = datetime.fromtimestamp(at.utc_ns // 1000 / 1e6, tz=UTC)
    return Begun(id=ulid, created=created, at=at, **msgspec.structs.asdict(beginning))
