"""``assay patterns lint``."""

from __future__ import annotations

from pathlib import Path

import click

from assay.analyze.rules.load import load_rules
from assay.cli.command import command
from assay.cli.commands.patterns.list import row_of
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.record.documents import Patterns


@command(
    examples=["assay patterns lint", "assay patterns lint ./our-patterns"],
    statuses={2: "something is wrong with a pattern; each line says what and where"},
)
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]…")
@output_options
def lint(session: Session, folders: tuple[Path, ...], output: Output) -> None:
    """Check patterns, those in DIR too: names, kinds of values, units, references. Every mistake is said at once."""
    rules = load_rules(folders)
    document = Patterns(rules_sha256=rules.sha256, patterns=tuple(row_of(rule) for rule in rules.rules))
    emit(session, Answer(document=document, lines=lambda _width: [f"{len(rules.rules)} patterns, no mistake"]), output)
