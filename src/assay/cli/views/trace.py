"""A trace's report in text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.base import Missing, Quantity
from assay.record.documents.inference.trace import Measuredness, StepTimes, TraceReport
from assay.record.rows import Distribution
from assay.record.words.numbers import count_text, number_text
from assay.trace.foreign.names import called

_COLUMNS = (
    Column(heading="STEP", least=14),
    Column(heading="PHASE"),
    Column(heading="CALLS", right=True),
    Column(heading="MEAN", right=True),
    Column(heading="P50", right=True),
    Column(heading="P95", right=True),
    Column(heading="P99", right=True),
    Column(heading="MAX", right=True),
    Column(heading="SHARE", right=True),
    Column(heading="BYTES/S", right=True),
    Column(heading="FLOP/S", right=True),
    Column(heading="BOUND BY"),
)


def trace_lines(report: TraceReport, width: int | None, *, layers: bool = False) -> list[Line]:
    """The whole report; with ``layers`` every layer has its line."""
    return [*_head(report), *trace_body(report, width, layers=layers)]


def trace_body(report: TraceReport, width: int | None, *, layers: bool = False) -> list[Line]:
    """The tables, and what there is to say below them."""
    rows = [_row(line) for line in report.steps]
    if layers:
        rows += [_row(line) for line in sorted(report.layers, key=lambda line: (line.layer or 0, -line.share))]
    gap = report.uncovered
    rows.append(("(no step)", "", "", "", "", "", "", "", f"{gap.share:.1%}", "", "", ""))
    return ["", *table_lines(_COLUMNS, rows, width), "", *_tokens(report), *_rest(report)]


def _head(report: TraceReport) -> Iterator[Line]:
    facts = [report.model, report.backend, report.precision, f"{report.threads} threads" if report.threads else ""]
    known = ", ".join(fact for fact in facts if fact and fact not in ("other", "unspecified"))
    yield Styled(f"{report.file}: {known or report.reader}", "bold")
    lost = f", {count_text(report.dropped, 'events')} lost" if report.dropped else ""
    yield (
        f"{count_text(report.events, 'events')}{lost}, {count_text(report.tracks, 'threads')}, "
        f"{number_text(report.uncovered.total_ns / 1e9, 's')} of requests"
    )
    if report.measured is Measuredness.NOT_MEASURED:
        yield Styled("not measured: times per layer were computed, not taken at each layer", "red")
    yield from (f"  {reason}" for reason in report.measured_reasons)
    if report.bottleneck is not None:
        yield Styled(report.bottleneck.sentence, "bold")


def _row(line: StepTimes) -> tuple[str, ...]:
    wall = line.wall
    name = called(line)
    layer = "" if line.layer is None else f" {line.layer}"
    return (
        name + layer,
        "" if line.phase == "none" else line.phase,
        f"{wall.count:,}",
        *(_time(value) for value in (wall.mean_ns, wall.p50_ns, wall.p95_ns, wall.p99_ns, wall.max_ns)),
        f"{line.share:.1%}",
        _rate(line.bytes_per_s, line.memory_share, "B/s"),
        _rate(line.flops_per_s, line.compute_share, "FLOP/s"),
        line.bound.value,
    )


def _time(value_ns: float | None) -> str:
    return "-" if value_ns is None else number_text(value_ns / 1e9, "s")


def _rate(rate: Quantity, share: float | None, unit: str) -> str:
    if isinstance(rate, Missing):
        return "-"
    return f"{number_text(rate.value, unit)}{'' if share is None else f' ({share:.0%})'}"


def _tokens(report: TraceReport) -> Iterator[Line]:
    tokens = report.tokens
    if tokens.first is None:
        yield f"token times: not measured: {tokens.reason}"
        return
    per_output = f", {_time(tokens.per_output_ns)} per output token" if tokens.per_output_ns is not None else ""
    requests = count_text(tokens.requests, "requests")
    yield f"{count_text(tokens.tokens, 'tokens')} of {requests}: first after {_spread(tokens.first)}{per_output}"
    if tokens.between is not None:
        yield f"between tokens {_spread(tokens.between)}"


def _spread(wall: Distribution) -> str:
    if wall.p50_ns is None:
        return f"{_time(wall.mean_ns)} (mean of {wall.count}, at most {_time(wall.max_ns)})"
    values = ", ".join(f"p{p} {_time(v)}" for p, v in ((90, wall.p90_ns), (95, wall.p95_ns), (99, wall.p99_ns)))
    return f"{_time(wall.p50_ns)} ({values}, at most {_time(wall.max_ns)})"


def _rest(report: TraceReport) -> Sequence[Line]:
    lines: list[Line] = []
    if report.kv.most_bytes is not None:
        grown = report.kv.per_token_bytes
        growth = "" if grown is None else f", {number_text(grown, 'B')} a token"
        lines.append(f"keys and values: {number_text(report.kv.most_bytes, 'B')}{growth}")
    depth = report.depth
    if depth.ns_per_token is not None and depth.low is not None and depth.high is not None:
        interval = f"{_time(depth.low)} to {_time(depth.high)}"
        where = f"context {depth.shortest} to {depth.longest}"
        lines.append(f"attention takes {_time(depth.ns_per_token)} more a token of context (95 %: {interval}; {where})")
    lines += [outlier.text for outlier in report.outliers]
    if report.roof.reason:
        lines.append(f"shares of the machine: not known: {report.roof.reason}")
    lines += report.remarks
    return lines
