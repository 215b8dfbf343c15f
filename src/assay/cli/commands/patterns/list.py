"""``assay patterns list``."""

from __future__ import annotations

from pathlib import Path

import click

from assay.analyze.rules.load import load_rules
from assay.analyze.rules.rule import Family, Rule
from assay.cli.command import command
from assay.cli.diagnosis import patterns_option
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents import Pattern, Patterns

_COLUMNS = (
    Column(heading="PATTERN", least=20),
    Column(heading="FAMILY"),
    Column(heading="PLACE"),
    Column(heading="TITLE", least=24, folds=True),
    Column(heading="NEEDS", least=12, folds=True),
)


@command(examples=["assay patterns list", "assay patterns list --family memory --json"])
@click.option("--family", type=click.Choice([family.value for family in Family]), help="Only of this family.")
@patterns_option
@output_options
def list_patterns(session: Session, family: str | None, folders: tuple[Path, ...], output: Output) -> None:
    """List the causes that are recognised: those of Assay, of installed packages, and of --patterns folders."""
    rules = load_rules(folders)
    chosen = tuple(row_of(rule) for rule in rules.rules if family in (None, rule.text.family.value))
    answer = Answer(
        document=Patterns(rules_sha256=rules.sha256, patterns=chosen),
        lines=lambda width: table_lines(
            _COLUMNS, [(row.id, row.family, row.scope, row.title, ", ".join(row.needs)) for row in chosen], width
        ),
        rows=chosen,
        row_type=Pattern,
    )
    emit(session, answer, output)


def row_of(rule: Rule) -> Pattern:
    """What the list says of a rule."""
    return Pattern(
        id=rule.text.id,
        title=rule.text.title,
        family=rule.text.family.value,
        scope=rule.text.scope.value,
        needs=tuple(sorted(rule.needs)),
        where=rule.where,
    )
