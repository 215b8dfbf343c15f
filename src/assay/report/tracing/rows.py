"""Lines of a trace's report as cells of text, the same in Markdown and on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assay.record.base import Missing, Quantity
from assay.record.documents.inference.trace import StepTimes, TraceReport
from assay.record.rows import Distribution
from assay.record.words.numbers import count_text, missing_text, number_text
from assay.trace.foreign.names import called

HEADINGS = (
    "step",
    "layer",
    "phase",
    "calls",
    "mean",
    "p50",
    "p90",
    "p95",
    "p99",
    "max",
    "share",
    "bytes/s",
    "FLOP/s",
    "bound by",
)


def step_rows(lines: Iterable[StepTimes]) -> list[tuple[str, ...]]:
    """A row for each line."""
    return [_row(line) for line in lines]


def uncovered_row(report: TraceReport) -> tuple[str, ...]:
    """The row of what no step covers."""
    return ("(no step)", *[""] * 9, f"{report.uncovered.share:.1%}", "", "", "")


def facts(report: TraceReport) -> list[tuple[str, str]]:
    """What the trace is, and what it says of tokens, as names and values."""
    tokens, kv, depth = report.tokens, report.kv, report.depth
    growth = "" if kv.per_token_bytes is None else f", {number_text(kv.per_token_bytes, 'B')} a token"
    slope = missing_text(depth.reason)
    if depth.ns_per_token is not None and depth.low is not None and depth.high is not None:
        interval = f"{seconds(depth.low)} to {seconds(depth.high)}"
        slope = f"{seconds(depth.ns_per_token)} a token of context (95 %: {interval})"
    return [
        ("file", report.file),
        ("read as", report.reader),
        ("model", report.model or "not known"),
        ("backend", report.backend),
        ("precision", report.precision),
        ("build", report.build or "not known"),
        ("events", count_text(report.events, "events") + (f", {report.dropped:,} lost" if report.dropped else "")),
        ("time of requests", seconds(report.uncovered.total_ns)),
        ("first token after", spread(tokens.first, tokens.reason)),
        ("between tokens", spread(tokens.between, tokens.reason)),
        ("per output token", seconds(tokens.per_output_ns) if tokens.per_output_ns else missing_text(tokens.reason)),
        (
            "keys and values",
            missing_text(kv.reason) if kv.most_bytes is None else number_text(kv.most_bytes, "B") + growth,
        ),
        ("attention grows by", slope),
        ("ceilings", missing_text(report.roof.reason) if report.roof.reason else _roof(report)),
    ]


def verdict(report: TraceReport) -> Sequence[str]:
    """Whether it was measured, and the bottleneck; a sentence each."""
    lines = []
    if report.measured == "not_measured":
        lines.append(f"Not measured: {'; '.join(report.measured_reasons)}.")
    if report.bottleneck is not None:
        lines.append(report.bottleneck.sentence)
    return lines


def spread(wall: Distribution | None, reason: str) -> str:
    """Durations in one cell."""
    if wall is None:
        return missing_text(reason)
    if wall.p50_ns is None:
        return f"{seconds(wall.mean_ns)} (mean of {wall.count:,}, at most {seconds(wall.max_ns)})"
    parts = ", ".join(
        f"p{at} {seconds(value)}" for at, value in ((90, wall.p90_ns), (95, wall.p95_ns), (99, wall.p99_ns))
    )
    return f"{seconds(wall.p50_ns)} ({parts}, at most {seconds(wall.max_ns)})"


def seconds(value_ns: float | None) -> str:
    """A duration; a dash where there is none."""
    return "–" if value_ns is None else number_text(value_ns / 1e9, "s")


def _row(line: StepTimes) -> tuple[str, ...]:
    wall = line.wall
    times = (wall.mean_ns, wall.p50_ns, wall.p90_ns, wall.p95_ns, wall.p99_ns, wall.max_ns)
    return (
        called(line),
        "" if line.layer is None else str(line.layer),
        "" if line.phase == "none" else line.phase,
        f"{wall.count:,}",
        *(seconds(value) for value in times),
        f"{line.share:.1%}",
        _rate(line.bytes_per_s, line.memory_share, "B/s"),
        _rate(line.flops_per_s, line.compute_share, "FLOP/s"),
        line.bound.value if line.bound.value != "unknown" else "not known",
    )


def _rate(rate: Quantity, share: float | None, unit: str) -> str:
    if isinstance(rate, Missing):
        return "–"
    return f"{number_text(rate.value, unit)}{'' if share is None else f' ({share:.0%})'}"


def _roof(report: TraceReport) -> str:
    roof = report.roof
    parts = ((roof.peak_flops_per_s, "FLOP/s"), (roof.peak_bytes_per_s, "B/s"))
    return ", ".join(number_text(value, unit) for value, unit in parts if value is not None)
