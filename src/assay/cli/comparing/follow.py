"""Options of ``assay history``, and the files it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath

import click

from assay.cli.comparing.options import USUAL_BLOCKS
from assay.cli.emit import json_text, write_file
from assay.cli.session import Session
from assay.cli.terminal.style import paint
from assay.cli.views.proof.timeline import history_lines
from assay.errors import UsageError
from assay.record.documents.history import History
from assay.report.timeline.page import history_html, history_markdown

_USUAL_RUNS = 200


@dataclass(frozen=True, kw_only=True)
class Following:
    """How a number is followed."""

    by: str
    most: int
    gate: bool
    blocks: int
    build: str | None
    as_json: bool
    outputs: tuple[str, ...]

    def check(self) -> None:
        """Refuse an ending that no format has, before anything is read."""
        for name in self.outputs:
            if PurePath(name).suffix.lower() not in _FORMATS:
                remedy = f"use one of: {', '.join(_FORMATS)}"
                raise UsageError(f"no format has the ending {PurePath(name).suffix!r}", where=name, remedy=remedy)


def write_history(session: Session, made: History, following: Following) -> None:
    """Write the files that were asked for."""
    for name in following.outputs:
        write_file(Path(name), _FORMATS[PurePath(name).suffix.lower()](made))
        session.console.note(f"written: {name}")


def _text(made: History) -> str:
    return "".join(f"{paint(line, color=False)}\n" for line in history_lines(made, None))


_FORMATS: dict[str, Callable[[History], str]] = {
    ".html": history_html,
    ".md": history_markdown,
    ".json": json_text,
    ".txt": _text,
}

FOLLOWING = (
    click.option("--by", default="whole", show_default=True, metavar="KIND", help="Cells: whole, spans, functions, …"),
    click.option(
        "--limit", "most", type=click.IntRange(1, 100_000), default=_USUAL_RUNS, show_default=True, help="Newest runs."
    ),
    click.option("--gate", is_flag=True, help="Measure a worse level again, and exit with 1 if it holds."),
    click.option(
        "--blocks", type=click.IntRange(1, 100_000), default=USUAL_BLOCKS, show_default=True, help="Fresh runs of each."
    ),
    click.option("--build", metavar="COMMAND", help="What builds a revision before it is run again."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document (see `assay schema`)."),
    click.option(
        "-o", "--output", "outputs", multiple=True, metavar="FILE", help="Write FILE too: .html, .md, .json or .txt."
    ),
)
