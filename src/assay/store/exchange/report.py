"""What a check found."""

from __future__ import annotations

from assay.errors import AssayError, RecordError
from assay.record.base import Record
from assay.record.codec import Fault, as_error
from assay.record.run import Run

PROBLEMS_LISTED = 50
"""More problems than these are only counted."""


class ValidationReport(Record, kw_only=True):
    """A record from anywhere, checked: valid, or each problem in one line with file, JSON pointer and remedy."""

    source: str
    """What was checked, as given."""
    run: Run | None
    """The record; null where it can't be read."""
    problems: tuple[str, ...] = ()
    """What is wrong, at most 500 characters each; empty where nothing is."""
    files_checked: int = 0
    """Files whose size and hash were compared with the record."""

    @property
    def valid(self) -> bool:
        """Whether record and files are as they should be."""
        return not self.problems

    def error(self) -> AssayError:
        """The first problem as an error, with how many there are."""
        more = len(self.problems) - 1
        return RecordError(self.problems[0] + (f" (and {more} more)" if more else ""))


def problem(where: str, pointer: str, what: str, remedy: str = "restore the file or remove the run") -> str:
    """One line about one place."""
    return str(as_error(Fault(what=what, pointer=pointer, remedy=remedy), where))


def refusal(where: str, what: str, remedy: str, pointer: str = "") -> RecordError:
    """The error that stops a check or an import."""
    return as_error(Fault(what=what, pointer=pointer, remedy=remedy), where)
