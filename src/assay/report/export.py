"""What an export is, and how one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from assay.errors import UsageError
from assay.plugins import Folder
from assay.record.diagnosis.findings import Findings
from assay.record.run import Run
from assay.report.profile import Profile

EXPORTS = Folder("assay.report.exports")


@dataclass(frozen=True, kw_only=True)
class Material:
    """What there is of one run."""

    run: Run
    findings: Findings | None
    """Its diagnosis; None where nothing was kept that it could be made from."""
    profile: Profile | None
    """Its stacks and threads; None where none was looked at."""

    def stacks(self) -> Profile:
        """The profile of a run that has stacks, or an error that says what would give one."""
        if self.profile is None or not len(self.profile.stacks):
            remedy = "profile it again for longer, and see `assay doctor` for what can't be sampled here"
            raise UsageError("the run has no stacks", where=self.run.id, remedy=remedy)
        return self.profile

    def diagnosis(self) -> Findings:
        """The findings of a run that can be judged, or an error."""
        if self.findings is None:
            raise UsageError("the run has no raw data to judge", where=self.run.id, remedy="profile it again")
        return self.findings


@dataclass(frozen=True, kw_only=True)
class Export:
    """A plug-in of ``report/exports``: one run in a format of another tool."""

    name: str
    """Its name, which is its file's."""
    suffixes: tuple[str, ...]
    """Endings of the files it writes, the usual one first; one of several parts is asked for before a report's."""
    reader: str
    """What opens such a file."""
    render: Callable[[Material], bytes]
    """The whole file; the same run gives the same bytes."""


def export_for(file: str) -> Export | None:
    """The export that a file's ending asks for; None where it asks for a report."""
    ends = ((ending, export) for export in _all() for ending in export.suffixes)
    return next((export for ending, export in ends if file.lower().endswith(ending)), None)


@cache
def _all() -> tuple[Export, ...]:
    return tuple(EXPORTS.load_all().values())
