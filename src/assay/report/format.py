"""What a report format is, and how one is chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from assay.errors import UsageError
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
    suffix = PurePath(file).suffix.lower()
    by_suffix = {ending: name for name, plugin in FORMATS.load_all().items() for ending in plugin.suffixes}
    if suffix not in by_suffix:
        remedy = f"use one of: {', '.join(sorted(by_suffix))}"
        raise UsageError(f"no report format has the ending {suffix!r}", where=file, remedy=remedy)
    return str(by_suffix[suffix])
