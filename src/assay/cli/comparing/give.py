"""How a comparison is given: on the terminal, as a document, in files, and as annotations of a pull request."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from assay.cli.command import gathered
from assay.cli.emit import json_text, write_file
from assay.cli.session import Session
from assay.cli.terminal.style import paint
from assay.cli.views.proof.comparison import comparison_lines
from assay.cli.wording.github import workflow_command
from assay.compare.words import line_text
from assay.record.documents.comparison import Comparison, Outcome
from assay.report.comparison.format import comparison_format_for, render_comparison
from assay.report.comparison.rows import all_lines, tone_of

Function = TypeVar("Function", bound=Callable[..., Any])
_TEXT = ".txt"
_MOST_ANNOTATIONS = 10
_TITLE = "assay compare"


@dataclass(frozen=True, kw_only=True)
class ComparisonOutput:
    """In which forms a comparison is wanted."""

    as_json: bool
    """One JSON document on standard output."""
    outputs: tuple[str, ...]
    """Files, whose endings choose the format."""

    def check(self) -> None:
        """Refuse an ending that no format has, before anything is measured."""
        for name in self.outputs:
            if not name.lower().endswith(_TEXT):
                comparison_format_for(name)


def comparison_output(function: Function) -> Function:
    """``--json`` and ``-o FILE``, as the command's argument ``output``."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document (see `assay schema`).")
    files = click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE",
        help="Write FILE too: .html, .md, .json, .csv, .svg, .txt, or .xml for JUnit; may be repeated.",
    )
    return gathered("output", ComparisonOutput, as_json, files)(function)


def give(session: Session, made: Comparison, output: ComparisonOutput, *, show_all: bool) -> None:
    """Write the files, then show the answer and what to do next."""
    console = session.console
    for name, text in [(name, _content(name, made)) for name in output.outputs]:
        write_file(Path(name), text)
        console.note(f"written: {name}")
    if output.as_json:
        console.json(json_text(made))
    else:
        console.print(*comparison_lines(made, console.width, show_all=show_all))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        console.complain(*annotation_lines(made))
    for step in made.next_steps:
        console.note(f"next: {step}")


def annotation_lines(made: Comparison) -> Iterator[str]:
    """Annotations for GitHub: the answer, and what became worse, in its file where that is known."""
    kind = {Outcome.REFUTED: "error", Outcome.NOT_COMPARABLE: "error", Outcome.INCONCLUSIVE: "warning"}
    yield workflow_command(kind.get(made.verdict, "notice"), made.headline, title=_TITLE)
    worse = [line for line in all_lines(made) if tone_of(made, line) == "bad"]
    for line in worse[:_MOST_ANNOTATIONS]:
        cell = line.counterpart or line.cell
        file = "" if cell is None else cell.file
        yield workflow_command("warning", line_text(made, line), title=_TITLE, file=file)


def _content(name: str, made: Comparison) -> str:
    if name.lower().endswith(_TEXT):
        lines = comparison_lines(made, None, show_all=True)
        return "".join(f"{paint(line, color=False)}\n" for line in lines)
    return render_comparison(made, comparison_format_for(name))
