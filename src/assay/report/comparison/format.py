"""What a format of a comparison is, and how one is chosen by a file's ending."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.plugins import Folder
from assay.record.documents.comparison import Comparison

FORMATS = Folder("assay.report.comparison.formats")


@dataclass(frozen=True, kw_only=True)
class ComparisonFormat:
    """A plug-in of ``report/comparison/formats``: lays out a comparison, and adds nothing to it."""

    name: str
    """Its name, which is its file's."""
    suffixes: tuple[str, ...]
    """Endings of the files it writes, the usual one first."""
    media_type: str
    """What such a file is called on the web."""
    render: Callable[[Comparison], str]
    """The whole file; the same comparison gives the same text."""


def render_comparison(made: Comparison, name: str) -> str:
    """The comparison in the format of that name."""
    chosen: ComparisonFormat = FORMATS.load(name)
    return chosen.render(made)


def comparison_format_for(file: str) -> str:
    """Name of the format that a file's ending asks for."""
    return FORMATS.name_for(file, "format of comparisons")
