"""``assay patterns lint``."""

from __future__ import annotations

from pathlib import Path

import click

from assay.analyze.recorded.trial import untried
from assay.analyze.rules.load import RuleSet, load_rules, own_ids
from assay.cli.command import command
from assay.cli.commands.patterns.list import row_of
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.errors import UsageError
from assay.record.documents import Patterns


@command(
    examples=["assay patterns lint", "assay patterns lint ./our-patterns"],
    statuses={2: "something is wrong with a pattern; each line says what and where"},
)
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]…")
@output_options
def lint(session: Session, folders: tuple[Path, ...], output: Output) -> None:
    """Check patterns, those in DIR too: names, kinds of values, units, references. Every mistake is said at once.

    Assay's own must each have a recorded run that has the cause, and one that only looks like it.
    """
    rules = load_rules(folders)
    _check_recorded(rules)
    document = Patterns(rules_sha256=rules.sha256, patterns=tuple(row_of(rule) for rule in rules.rules))
    emit(session, Answer(document=document, lines=lambda _width: [f"{len(rules.rules)} patterns, no mistake"]), output)


def _check_recorded(rules: RuleSet) -> None:
    own = own_ids()
    lacking = {pattern: kinds for pattern, kinds in untried(rules).items() if pattern in own}
    if lacking:
        lines = [f"{pattern}: has no recorded {' or '.join(kinds)} run" for pattern, kinds in sorted(lacking.items())]
        remedy = "record them: python -m bench.diagnosis.record"
        raise UsageError("\n".join(lines), where="fixtures.yaml", remedy=remedy)
