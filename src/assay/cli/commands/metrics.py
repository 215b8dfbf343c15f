"""``assay metrics``: the glossary."""

from __future__ import annotations

from collections.abc import Sequence

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.errors import UsageError
from assay.record.documents import Metrics
from assay.record.metrics import BY_NAME, DEFINITIONS, MetricDefinition
from assay.settings import closest

_COLUMNS = (
    Column(heading="METRIC", least=20),
    Column(heading="UNIT"),
    Column(heading="BETTER"),
    Column(heading="MEANING", least=20, folds=True),
)


@command(examples=["assay metrics", "assay metrics energy --json"])
@click.argument("words", nargs=-1, metavar="[WORD]…")
@click.option("--group", help="Only this group: time, memory, energy …")
@output_options
def metrics(session: Session, words: tuple[str, ...], group: str | None, output: Output) -> None:
    """Say what every number means, in which unit it is, and what it is computed from.

    With WORD, only metrics whose name or meaning holds it.
    """
    chosen = tuple(found for found in DEFINITIONS if _fits(found, words, group))
    if not chosen:
        raise _nothing(words, group)
    answer = Answer(
        document=Metrics(metrics=chosen),
        lines=lambda width: _lines(chosen, width),
        rows=chosen,
        row_type=MetricDefinition,
    )
    emit(session, answer, output)


def _fits(metric: MetricDefinition, words: Sequence[str], group: str | None) -> bool:
    text = f"{metric.name} {metric.meaning} {metric.group}".lower()
    return all(word.lower() in text for word in words) and group in (None, metric.group)


def _nothing(words: Sequence[str], group: str | None) -> UsageError:
    groups = {metric.group for metric in DEFINITIONS}
    if group is not None and group not in groups:
        return UsageError(
            f"there is no group {group!r}", where="metrics", remedy=f"choose: {', '.join(sorted(groups))}"
        )
    near = closest(" ".join(words), BY_NAME)
    remedy = f"did you mean {near!r}?" if near else "`assay metrics` lists all"
    return UsageError(f"no metric speaks of {' '.join(words)!r}", where="metrics", remedy=remedy)


def _lines(chosen: Sequence[MetricDefinition], width: int | None) -> list[Line]:
    if len(chosen) == 1:
        return _one(chosen[0])
    rows = [(metric.name, metric.unit, metric.better.value, metric.meaning) for metric in chosen]
    return table_lines(_COLUMNS, rows, width)


def _one(metric: MetricDefinition) -> list[Line]:
    facts = {
        "unit": metric.unit,
        "better": metric.better.value,
        "origin": " or ".join(metric.origins),
        "depends on": ", ".join(metric.depends_on) or "nothing else",
        "group": metric.group,
    }
    head: list[Line] = [Styled(metric.name, "bold"), metric.meaning]
    return head + [f"  {name:<11} {text}" for name, text in facts.items()]
