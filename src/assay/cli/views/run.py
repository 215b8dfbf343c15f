"""One run for people: what ran, how it ended, its numbers, and what to know about them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence

from assay.cli.terminal.style import Line, Piece, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.cli.terminal.units import quantity_text
from assay.cli.views.facts import fact_lines
from assay.record.base import Derived, Estimated, Measured, Missing, Quantity
from assay.record.enums import Phase, Severity, Status
from assay.record.metrics import BY_NAME
from assay.record.rows import Distribution, Metric
from assay.record.run import Run
from assay.record.words.numbers import count_text, number_text

STATUS_STYLES = {
    Status.COMPLETE: "green",
    Status.FAILED: "red",
    Status.TIMED_OUT: "yellow",
    Status.INTERRUPTED: "yellow",
}
_SEVERITY_STYLES = {Severity.INFO: "cyan", Severity.WARNING: "yellow", Severity.INVALID: "red"}
_FEW = 8


def overview(run: Run, width: int | None, tags: Sequence[str] = ()) -> list[Line]:
    """The first thing to see of a run."""
    lines = _head(run, tags)
    for title, make in _OVERVIEW:
        if inner := make(run, width):
            lines += ["", Styled(title, "bold"), *inner]
    return lines


def section(run: Run, name: str, width: int | None) -> list[Line]:
    """One section in full."""
    if name in TABLES:
        return TABLES[name](run, width) or [f"{run.id} has no {name}"]
    return fact_lines(getattr(run, name)) or [f"{run.id} has no {name}"]


def _head(run: Run, tags: Sequence[str]) -> list[Line]:
    target = run.plan.target
    status: list[Piece] = [Styled(run.status.value, STATUS_STYLES[run.status])]
    if run.status_reason:
        status.append(f": {run.status_reason}")
    lines: list[Line] = [(Styled(run.id, "bold"), "  ", *status)]
    facts = {
        "target": shlex.join(target.argv) if target.argv else target.name,
        "backend": f"{target.backend.value}, {target.precision.value}",
        "workload": run.plan.workload.name,
        "started": f"{run.created:%Y-%m-%d %H:%M:%S} UTC",
        "ended": _outcome(run),
        "machine": run.environment.cpu.model or "processor not known",
        "measured by": f"assay {run.software.assay}, {run.software.core} core ({run.software.isa})",
        "tags": ", ".join(tags),
    }
    return lines + [(Styled(f"{name:<12}", "dim"), text) for name, text in facts.items() if text]


def _outcome(run: Run) -> str:
    outcome = run.outcome
    took = number_text(_wall_s(run), "s")
    if outcome.signal is not None:
        return f"by signal {outcome.signal} after {took}"
    code = "without an exit status" if outcome.exit_code is None else f"with exit status {outcome.exit_code}"
    return f"{code} after {took}{f' ({outcome.note})' if outcome.note else ''}"


def _wall_s(run: Run) -> float:
    """How long the target ran; where that was not measured, how long the run was recorded."""
    totals = (metric.value for metric in run.metrics if metric.name == "wall_s" and metric.phase is Phase.NONE)
    measured = next((value.value for value in totals if not isinstance(value, Missing)), None)
    return (run.clock.end_ns - run.clock.start_ns) / 1e9 if measured is None else measured


def _metrics(run: Run, width: int | None) -> list[Line]:
    columns = (
        Column(heading="METRIC", least=16),
        Column(heading="VALUE", least=10, folds=True),
        Column(heading="ORIGIN", least=16, folds=True),
    )
    rows = [(_metric_name(metric), *_quantity_cells(metric)) for metric in run.metrics]
    return table_lines(columns, rows, width) if rows else []


def _metric_name(metric: Metric) -> str:
    where = [part for part in (metric.device, metric.phase.value) if part not in (None, "none")]
    return f"{metric.name} [{', '.join(map(str, where))}]" if where else metric.name


def _quantity_cells(metric: Metric) -> tuple[Piece, Piece]:
    """Value and origin; a number that is missing has its reason in the place of its origin."""
    if isinstance(metric.value, Missing):
        return Styled("not measured", "dim"), Styled(metric.value.reason, "dim")
    unit = BY_NAME[metric.name].unit if metric.name in BY_NAME else ""
    return quantity_text(metric.value, unit), origin_text(metric.value)


def origin_text(quantity: Quantity) -> str:
    """Where a number comes from, in words; empty for a missing one."""
    if isinstance(quantity, Measured):
        return f"measured by {quantity.by}"
    if isinstance(quantity, Derived):
        return f"derived from {', '.join(quantity.sources)}"
    return f"estimated by {quantity.model}" if isinstance(quantity, Estimated) else ""


def _quality(run: Run, _width: int | None) -> list[Line]:
    lines: list[Line] = []
    for flag in run.quality:
        evidence = "; ".join(f"{item.name} {number_text(item.value, item.unit or '1')}" for item in flag.evidence)
        severity = Styled(f"{flag.severity.value:<8}", _SEVERITY_STYLES[flag.severity])
        lines.append((severity, f"{flag.id}: {flag.message}{f' ({evidence})' if evidence else ''}"))
    return lines


_TIMING = (
    Column(heading="CALLS", right=True, least=5),
    Column(heading="TOTAL", right=True, least=7),
    Column(heading="MEAN", right=True, least=7),
    Column(heading="P50", right=True, least=7),
    Column(heading="P99", right=True, least=7),
)


def _timing(wall: Distribution) -> tuple[str, ...]:
    values = (wall.total_ns, wall.mean_ns, wall.p50_ns, wall.p99_ns)
    return (f"{wall.count:,}", *("-" if ns is None else number_text(ns / 1e9, "s") for ns in values))


def _steps(run: Run, width: int | None) -> list[Line]:
    columns = (
        Column(heading="STEP", least=8),
        Column(heading="LAYER", right=True),
        Column(heading="PHASE"),
        Column(heading="DEVICE"),
        *_TIMING,
    )
    rows = [
        (row.step, "-" if row.layer is None else str(row.layer), row.phase.value, row.device, *_timing(row.wall))
        for row in run.steps
    ]
    return table_lines(columns, rows, width) if rows else []


def _ops(run: Run, width: int | None) -> list[Line]:
    columns = (Column(heading="OP", least=12), Column(heading="KIND", least=6), Column(heading="DEVICE"), *_TIMING)
    longest_first = sorted(run.ops, key=lambda op: -op.wall.total_ns)
    rows = [(op.name, op.kind, op.device, *_timing(op.wall)) for op in longest_first]
    return table_lines(columns, rows, width) if rows else []


def _devices(run: Run, width: int | None) -> list[Line]:
    columns = (
        Column(heading="DEVICE"),
        Column(heading="NAME", least=12),
        Column(heading="BUSY", right=True, least=8),
        Column(heading="PEAK MEMORY", right=True, least=11),
        Column(heading="ENERGY", right=True, least=8),
    )
    quantities = [((d.busy_s, "s"), (d.peak_memory_bytes, "B"), (d.energy_j, "J")) for d in run.devices]
    rows = [(d.id, d.name, *map(_short, row)) for d, row in zip(run.devices, quantities, strict=True)]
    return [*table_lines(columns, rows, width), *_reasons(quantities)] if rows else []


def _energy(run: Run, width: int | None) -> list[Line]:
    columns = (
        Column(heading="SOURCE", least=10),
        Column(heading="PHASE"),
        Column(heading="RAW", right=True, least=8),
        Column(heading="BASELINE", right=True, least=8),
        Column(heading="ADJUSTED", right=True, least=8),
        Column(heading="± 95 %", right=True, least=6),
    )
    quantities = [
        ((w.raw_j, "J"), (w.baseline_w, "W"), (w.adjusted_j, "J"), (w.uncertainty_j, "J")) for w in run.energy
    ]
    rows = [(w.source, w.phase.value, *map(_short, row)) for w, row in zip(run.energy, quantities, strict=True)]
    return [*table_lines(columns, rows, width), *_reasons(quantities)] if rows else []


def _short(quantity: tuple[Quantity, str]) -> Piece:
    """A number for a narrow cell; why one is missing stands below the table."""
    value, unit = quantity
    return Styled("not measured", "dim") if isinstance(value, Missing) else quantity_text(value, unit)


def _reasons(rows: Iterable[Iterable[tuple[Quantity, str]]]) -> list[Line]:
    reasons = dict.fromkeys(value.reason for row in rows for value, _ in row if isinstance(value, Missing))
    return [Styled(f"not measured: {reason}", "dim") for reason in reasons]


def _files(run: Run, width: int | None) -> list[Line]:
    columns = (
        Column(heading="FILE", least=16),
        Column(heading="SIZE", right=True, least=7),
        Column(heading="HOLDS", least=10),
        Column(heading="SHA-256", least=12),
    )
    series = [
        (item.file, number_text(item.size_bytes, "B"), count_text(item.rows, item.kind.value), item.sha256)
        for item in run.series
    ]
    others = [
        (item.file, number_text(item.size_bytes, "B"), f"{item.media_type} of {item.collector}", item.sha256)
        for item in run.artifacts
    ]
    return table_lines(columns, [*series, *others], width) if series or others else []


def _first(make: Callable[[Run, int | None], list[Line]], name: str) -> Callable[[Run, int | None], list[Line]]:
    """The same table with its first rows only, and a word about the rest."""

    def few(run: Run, width: int | None) -> list[Line]:
        lines = make(run, width)
        rest = len(lines) - 1 - _FEW
        if rest <= 1:
            return lines
        return [*lines[: _FEW + 1], Styled(f"… {rest:,} more: assay runs show {run.id} --section {name}", "dim")]

    return few


TABLES: dict[str, Callable[[Run, int | None], list[Line]]] = {
    "devices": _devices,
    "energy": _energy,
    "files": _files,
    "metrics": _metrics,
    "ops": _ops,
    "quality": _quality,
    "steps": _steps,
}
"""Sections shown as tables."""

SECTIONS: tuple[str, ...] = tuple(
    sorted([*TABLES, "plan", "position", "outcome", "clock", "software", "environment", "fingerprints"])
)
"""What ``--section`` takes."""

_OVERVIEW: tuple[tuple[str, Callable[[Run, int | None], list[Line]]], ...] = (
    ("Numbers", _metrics),
    ("To know", _quality),
    ("Steps", _first(_steps, "steps")),
    ("Operators", _first(_ops, "ops")),
    ("Devices", _devices),
    ("Energy", _first(_energy, "energy")),
    ("Files", _first(_files, "files")),
)
