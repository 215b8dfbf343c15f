"""What a report format is, and how one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.plugins import Folder
from assay.record.documents.report import View
from assay.report.profile import Profile

FORMATS = Folder("assay.report.formats")


@dataclass(frozen=True, kw_only=True)
class Format:
    """A plug-in of ``report/formats``: lays out a view, and adds nothing to it."""

    name: str
    """Its name, which is its file's."""
    suffixes: tuple[str, ...]
    """Endings of the files it writes, the usual one first."""
    media_type: str
    """What such a file is called on the web."""
    render: Callable[[View], str]
    """The whole file; the same view gives the same text."""
    illustrate: Callable[[View, Profile], str] | None = None
    """The same with pictures of the run; None where a format has no room for any."""


def render(view: View, name: str, profile: Profile | None = None) -> str:
    """The report in the format of that name, with pictures where it has room and there is something to show."""
    chosen: Format = FORMATS.load(name)
    if profile is not None and chosen.illustrate is not None:
        return chosen.illustrate(view, profile)
    return chosen.render(view)


def format_for(file: str) -> str:
    """Name of the format that a file's ending asks for."""
    return FORMATS.name_for(file, "report format")
