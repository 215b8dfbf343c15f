"""``assay patterns show``."""

from __future__ import annotations

from pathlib import Path

import click

from assay.analyze.rules.load import load_rules
from assay.cli.command import command
from assay.cli.commands.patterns.list import row_of
from assay.cli.diagnosis import patterns_option
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.style import Line, Styled
from assay.record.documents import PatternInFull


@command(examples=["assay patterns show sleep_poll"])
@click.argument("pattern")
@patterns_option
@output_options
def show(session: Session, pattern: str, folders: tuple[Path, ...], output: Output) -> None:
    """Show PATTERN word for word: when it holds, how sure that makes one, what it means and advises."""
    rule = load_rules(folders).get(pattern)
    text = rule.text
    document = PatternInFull(
        pattern=row_of(rule),
        values=dict(text.let),
        note=text.note,
        when=text.when,
        confidence=text.confidence,
        gain=tuple(clock.value for clock in text.gain),
        lowers=text.lowers,
        excludes=text.excludes,
        observation=text.observation,
        meaning=text.meaning,
        uncertainty=text.uncertainty,
        suggestions=text.suggestions,
        verification=text.verification,
        references=text.references,
    )
    emit(session, Answer(document=document, lines=lambda _width: _lines(document)), output)


def _lines(document: PatternInFull) -> list[Line]:
    row = document.pattern
    lines: list[Line] = [
        (Styled(row.id, "bold"), f"  {row.title}"),
        f"{row.family}, looks at: {row.scope}; needs {', '.join(row.needs) or 'nothing'}; {row.where}",
    ]
    named = [f"{name} = {expression}" for name, expression in document.values.items()]
    sections: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("where", tuple(named)),
        ("holds when all of", document.when),
        ("confidence", (document.confidence,)),
        ("gain: time at the place by", document.gain),
        ("observation", (document.observation,)),
        ("what it means", (document.meaning,)),
        ("what could be wrong", (document.uncertainty,)),
        ("what to do", document.suggestions),
        ("how to verify", document.verification),
        ("says more than", document.excludes),
        ("see", document.references),
    )
    for title, texts in sections:
        if texts:
            lines += ["", Styled(title, "bold"), *(f"  {text}" for text in texts)]
    return lines
