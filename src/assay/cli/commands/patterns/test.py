"""``assay patterns test``."""

from __future__ import annotations

from pathlib import Path

import click

from assay.analyze.recorded.trial import tried, untried
from assay.analyze.rules.load import load_rules
from assay.cli.command import command
from assay.cli.diagnosis import patterns_option
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.style import Line, Styled
from assay.record.documents import PatternsTested, PatternTried


@command(
    examples=["assay patterns test", "assay patterns test --patterns ./ours ./ours/recorded"],
    statuses={1: "a pattern was found where it must not be, or not found where it is"},
)
@click.argument("recorded", nargs=-1, type=click.Path(path_type=Path), metavar="[DIR]…")
@patterns_option
@output_options
def test_patterns(session: Session, recorded: tuple[Path, ...], folders: tuple[Path, ...], output: Output) -> int:
    """Try every pattern on its recorded runs, those in DIR too.

    In DIR a recorded run is a file PATTERN.positive.json.xz, which has the cause, or PATTERN.negative.json.xz, which
    only looks like it. Assay's own patterns come with both.
    """
    rules = load_rules(folders)
    document = PatternsTested(
        rules_sha256=rules.sha256, tried=tried(rules, recorded), unrecorded=tuple(untried(rules, recorded))
    )
    answer = Answer(
        document=document, lines=lambda _width: _lines(document), rows=document.tried, row_type=PatternTried
    )
    emit(session, answer, output)
    return 0 if all(one.passed for one in document.tried) else 1


def _lines(document: PatternsTested) -> list[Line]:
    lines: list[Line] = []
    for one in document.tried:
        verdict = Styled("passed", "green") if one.passed else Styled("FAILED", "red")
        found = "" if one.passed else f"   found: {', '.join(one.found) or 'nothing'}"
        lines.append((verdict, f"  {one.pattern} {one.kind}{found}"))
    passed = sum(one.passed for one in document.tried)
    lines.append(f"{passed} of {len(document.tried)} recorded runs judged as they should be")
    if document.unrecorded:
        lines.append(f"{len(document.unrecorded)} patterns lack a recorded run of either kind")
    return lines
