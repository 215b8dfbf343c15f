"""Calls of operators put together: one line and one row of the record for each, and one for the time in none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assay.backends.operators.matching import Placed
from assay.backends.operators.measured import Counted, CountedRun, Profiled
from assay.backends.operators.origins import key_of
from assay.backends.operators.table import INTEGER
from assay.measure.inference.roofs import Amounts, Machine, arithmetic_of
from assay.record.base import Derived, Missing, Quantity, one_line
from assay.record.documents.inference.infer import RUNTIME_GAP, OperatorLine, ProfilerCost
from assay.record.documents.inference.trace import Bound
from assay.record.enums import Percentiles
from assay.record.rows import Counters, Distribution, OpRow
from assay.stats.distribution import summarise
from assay.stats.median import median_interval

DEVICE = "cpu:0"
_NO_WORK = "time in no operator"


@dataclass
class _Tally:
    """One executed operator."""

    first: Counted
    calls: list[Counted] = field(default_factory=list)

    @property
    def self_ns(self) -> int:
        return sum(each.placed.call.self_ns for each in self.calls)

    @property
    def unknown(self) -> str:
        return next((each.reason for each in self.calls if each.work is None), "")


def operator_lines(profiled: Profiled, machine: Machine) -> tuple[OperatorLine, ...]:
    """Lines by their own time, the longest first."""
    tallies: dict[tuple[str, str], _Tally] = {}
    for run in profiled.runs:
        for call in run.calls:
            placed = call.placed
            tallies.setdefault((placed.graph.name, key_of(placed.node)), _Tally(call)).calls.append(call)
    total_ns = sum(run.wall_ns for run in profiled.runs)
    names = Names(profiled)
    lines = [_line(tally, names, machine, total_ns) for tally in tallies.values()]
    lines.append(_gap_line(profiled.runs, total_ns))
    return tuple(sorted(lines, key=lambda line: (-line.self_ns, line.graph, line.name)))


def known_share(lines: Iterable[OperatorLine]) -> float | None:
    """Share of the operators' own time whose work is known."""
    times = [(line.self_ns, not line.unknown) for line in lines if line.kind != RUNTIME_GAP]
    total = sum(self_ns for self_ns, _ in times)
    return sum(self_ns for self_ns, known in times if known) / total if total else None


def op_rows(lines: Iterable[OperatorLine]) -> list[OpRow]:
    """The lines as rows of the record."""
    return [
        OpRow(
            name=line.name,
            kind=line.kind,
            device=DEVICE,
            wall=line.wall,
            self_ns=line.self_ns,
            counters=Counters(
                flops=_counted(line.flops, line.unknown),
                read_bytes=_counted(line.read_bytes, line.unknown),
                written_bytes=_counted(line.written_bytes, line.unknown),
                intensity_flop_per_byte=_intensity(line),
            ),
        )
        for line in lines
    ]


def profiler_cost(profiled: Profiled) -> ProfilerCost | None:
    """What the profiler cost, pair by pair."""
    pairs = list(zip(profiled.with_ns, profiled.without_ns, strict=True))
    if not pairs:
        return None
    ratio = median_interval([with_ns / without_ns for with_ns, without_ns in pairs])
    return ProfilerCost(
        runs=len(pairs),
        with_s=median_interval(profiled.with_ns).median / 1e9,
        without_s=median_interval(profiled.without_ns).median / 1e9,
        ratio=ratio.median,
        low=ratio.low,
        high=ratio.high,
    )


def distribution_of(values_ns: Sequence[int]) -> Distribution:
    """Durations that are all at hand."""
    found = summarise(values_ns)
    if found is None:
        raise ValueError("no durations have no distribution")
    known = any(p is not None for p in (found.p50_ns, found.p90_ns, found.p95_ns, found.p99_ns))
    return Distribution(
        count=found.count,
        total_ns=found.total_ns,
        mean_ns=found.mean_ns,
        min_ns=found.min_ns,
        max_ns=found.max_ns,
        percentiles=Percentiles.EXACT if known else Percentiles.NONE,
        p50_ns=found.p50_ns,
        p90_ns=found.p90_ns,
        p95_ns=found.p95_ns,
        p99_ns=found.p99_ns,
        reason=found.reason,
    )


class Names:
    """How executed operators are called."""

    def __init__(self, profiled: Profiled) -> None:
        self._nodes_of = profiled.nodes_of

    def nodes(self, placed: Placed) -> tuple[str, ...]:
        """Names of the model's nodes that it stands for."""
        return tuple(one_line(name) for name in self._nodes_of.get(key_of(placed.node), ()))

    def name(self, placed: Placed) -> str:
        """Those names, behind the path of the graph; its own where it stands for none."""
        nodes = " + ".join(self.nodes(placed)) or placed.call.name
        return one_line(f"{placed.graph.name}/{nodes}" if placed.graph.name else nodes)


def _line(tally: _Tally, names: Names, machine: Machine, total_ns: int) -> OperatorLine:
    placed, unknown = tally.first.placed, tally.unknown
    works = [call.work for call in tally.calls if call.work is not None]
    flops = None if unknown else sum(work.flops for work in works)
    read = None if unknown else sum(work.read_bytes for work in works)
    written = None if unknown else sum(work.written_bytes for work in works)
    moved = None if read is None or written is None else read + written
    inputs = [shape for shape in placed.inputs or () if shape is not None]
    amounts = Amounts(
        self_ns=tally.self_ns,
        calls=len(tally.calls),
        flops=flops,
        moved_bytes=moved,
        arithmetic=arithmetic_of(inputs[0].dtype if inputs else "", integer=placed.node.op in INTEGER),
    )
    judged = machine.judge(amounts)
    return OperatorLine(
        name=names.name(placed),
        nodes=names.nodes(placed),
        kind=one_line(placed.node.op),
        graph=placed.graph.name,
        wall=distribution_of([call.placed.call.wall_ns for call in tally.calls]),
        self_ns=amounts.self_ns,
        share=amounts.self_ns / total_ns if total_ns else 0.0,
        flops=flops,
        read_bytes=read,
        written_bytes=written,
        intensity_flop_per_byte=flops / moved if flops is not None and moved else None,
        flops_per_s=judged.flops_per_s,
        bytes_per_s=judged.bytes_per_s,
        level=judged.level,
        compute_share=judged.compute_share,
        memory_share=judged.memory_share,
        bound=judged.bound,
        reason=judged.reason,
        unknown=unknown,
    )


def _gap_line(runs: Sequence[CountedRun], total_ns: int) -> OperatorLine:
    gap_ns = sum(run.gap_ns for run in runs)
    return OperatorLine(
        name=RUNTIME_GAP,
        nodes=(),
        kind=RUNTIME_GAP,
        graph="",
        wall=distribution_of([run.gap_ns for run in runs]),
        self_ns=gap_ns,
        share=gap_ns / total_ns if total_ns else 0.0,
        flops=None,
        read_bytes=None,
        written_bytes=None,
        intensity_flop_per_byte=None,
        flops_per_s=Missing(reason=_NO_WORK),
        bytes_per_s=Missing(reason=_NO_WORK),
        bound=Bound.OVERHEAD,
        reason="the runtime's own time between operators, and the profiler's",
        unknown=_NO_WORK,
    )


def _counted(amount: int | None, unknown: str) -> Quantity:
    if amount is None:
        return Missing(reason=one_line(unknown))
    return Derived(value=float(amount), sources=("graph", "executed shapes"))


def _intensity(line: OperatorLine) -> Quantity:
    if line.intensity_flop_per_byte is None:
        return Missing(reason=one_line(line.unknown or "nothing is moved"))
    return Derived(value=line.intensity_flop_per_byte, sources=("flops", "read_bytes", "written_bytes"))
