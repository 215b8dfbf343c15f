"""What a model's run came to, in text."""

from __future__ import annotations

from collections.abc import Iterator

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.cli.views.trace import trace_body
from assay.record.base import Missing, Quantity
from assay.record.documents.inference.infer import Inferred, OperatorLine, ProfilerCost
from assay.record.words.escape import plain
from assay.record.words.numbers import count_text, number_text

_COLUMNS = (
    Column(heading="OPERATOR", least=16),
    Column(heading="KIND", least=6),
    Column(heading="CALLS", right=True),
    Column(heading="SELF", right=True),
    Column(heading="SHARE", right=True),
    Column(heading="FLOP", right=True),
    Column(heading="BYTES", right=True),
    Column(heading="FLOP/S", right=True),
    Column(heading="BYTES/S", right=True),
    Column(heading="BOUND BY"),
)
_MOST_LINES = 40


def infer_lines(document: Inferred, width: int | None, *, layers: bool = False) -> list[Line]:
    """The whole answer."""
    if document.trace is not None:
        return [*_head(document), *trace_body(document.trace, width, layers=layers), *document.remarks]
    shown = document.operators[:_MOST_LINES]
    lines = [*_head(document), "", *table_lines(_COLUMNS, [_row(line) for line in shown], width)]
    rest = len(document.operators) - len(shown)
    if rest:
        self_s = sum(line.self_ns for line in document.operators[_MOST_LINES:]) / 1e9
        lines.append(f"… {count_text(rest, 'operators')} more, {number_text(self_s, 's')} together (--json has them)")
    return [*lines, "", *_rest(document)]


def _head(document: Inferred) -> Iterator[Line]:
    threads = "" if document.threads is None else f", {count_text(document.threads, 'threads')}"
    yield Styled(f"{document.model}: {document.build}, {document.precision}{threads}, batch {document.batch}", "bold")
    facts = [
        f"{count_text(document.repeats, 'runs')} of {number_text(document.total_s / document.repeats, 's')} on average"
    ]
    if document.cold_s is not None:
        facts.append(f"the first, apart, {number_text(document.cold_s, 's')}")
    if document.load_s is not None:
        facts.append(f"loaded in {number_text(document.load_s, 's')}")
    yield "; ".join(facts)
    yield Styled(document.bottleneck, "bold")
    if document.text:
        yield f"answer: {plain(document.text)[:200]}"


def _row(line: OperatorLine) -> tuple[str, ...]:
    moved = None if line.read_bytes is None or line.written_bytes is None else line.read_bytes + line.written_bytes
    return (
        line.name,
        line.kind,
        f"{line.wall.count:,}",
        number_text(line.self_ns / 1e9, "s"),
        f"{line.share:.1%}",
        "-" if line.flops is None else number_text(line.flops, "FLOP"),
        "-" if moved is None else number_text(moved, "B"),
        _rate(line.flops_per_s, line.compute_share, "FLOP/s", ""),
        _rate(line.bytes_per_s, line.memory_share, "B/s", line.level),
        line.bound.value,
    )


def _rate(rate: Quantity, share: float | None, unit: str, level: str) -> str:
    if isinstance(rate, Missing):
        return "-"
    if share is None:
        return number_text(rate.value, unit)
    part = "<1%" if 0 < share < 0.01 else f"{share:.0%}"
    return f"{number_text(rate.value, unit)} ({part}{f' of {level}' if level else ''})"


def _rest(document: Inferred) -> Iterator[Line]:
    if document.known_share is not None:
        yield f"operations and bytes are known for {document.known_share:.1%} of the operators' time"
    unknown = dict.fromkeys(line.unknown for line in document.operators if line.unknown and line.nodes)
    yield from (f"  not known: {reason}" for reason in unknown)
    if document.folded:
        few = ", ".join(document.folded[:6]) + (" …" if len(document.folded) > 6 else "")
        yield f"{count_text(len(document.folded), 'nodes')} of the model left nothing to run: {few}"
    if document.profiler is not None:
        yield _cost(document.profiler)
    if document.roof.reason:
        yield f"shares of the machine: not known: {document.roof.reason}"
    yield from document.remarks


def _cost(cost: ProfilerCost) -> str:
    interval = "" if cost.low is None or cost.high is None else f" (95 %: {cost.low:.3g} to {cost.high:.3g})"
    times = f"{number_text(cost.with_s, 's')} against {number_text(cost.without_s, 's')} without the profiler"
    runs = count_text(cost.runs, "runs")
    return f"timing operators made a run {cost.ratio:.3g} times as long{interval}: {times}, {runs} of each by turns"
