"""What is asked of the child process that reads strangers' files, and its answer."""

from __future__ import annotations

from assay.record.base import Record
from assay.record.enums import SeriesKind


class Table(Record, kw_only=True):
    """One Parquet file that should be a series."""

    descriptor: int
    """Where it is open."""
    kind: SeriesKind
    """The published schema that it should follow."""
    rows: int
    """Rows it should have."""


class Unpacking(Record, kw_only=True):
    """One Parquet file that should be an exported run, to be taken apart."""

    descriptor: int
    """Where it is open."""
    folder: str
    """Empty folder for the run's files."""


class Job(Record, kw_only=True):
    """Work for the child."""

    cpu_s: int
    """Processor time it may use."""
    tables: tuple[Table, ...] = ()
    """Series to check."""
    unpacking: Unpacking | None = None
    """A run to take apart; null for none."""

    def failed(self, what: str) -> Answer:
        """The answer in place of a child that gave none."""
        return Answer(problems=tuple(what for _ in range(max(len(self.tables), 1))))


class Answer(Record, kw_only=True):
    """What came of it."""

    problems: tuple[str, ...] = ()
    """Per file what is wrong, empty where nothing is."""
