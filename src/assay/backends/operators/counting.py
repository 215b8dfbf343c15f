"""From the runs of a profile to counted runs: every call with its node, its time on one clock, and its work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.backends.operators.graph import Graph, Shape
from assay.backends.operators.matching import Placed, place
from assay.backends.operators.measured import Counted, CountedRun
from assay.backends.operators.origins import Origins, key_of
from assay.backends.operators.profile import ModelRun
from assay.backends.operators.table import work_of
from assay.backends.operators.work import Executed, Unknown, Work

_WEIGHTED = {"Conv": 1, "FusedConv": 1, "NhwcFusedConv": 1, "QLinearConv": 3, "ConvInteger": 1}
"""Operators whose weights a runtime pads, and at which input the model holds them."""


def counted_runs(
    runs: Sequence[ModelRun], stamps: Sequence[tuple[int, int]], graph: Graph, origins: Origins
) -> Iterator[CountedRun]:
    """Counted runs; ``stamps`` are when each began and ended on this machine's monotonic clock, seen from outside.

    The profile's own clock is laid into the middle of that: what is uncertain is half of what lies around the run.
    """
    for run, (start_ns, end_ns) in zip(runs, stamps, strict=True):
        offset_ns = start_ns + max(0, end_ns - start_ns - run.wall_ns) // 2 - run.start_ns
        calls = tuple(_counted(each, offset_ns, origins) for each in place(run.execution, graph))
        yield CountedRun(start_ns=run.start_ns + offset_ns, wall_ns=run.wall_ns, gap_ns=run.gap_ns, calls=calls)


def _counted(placed: Placed, offset_ns: int, origins: Origins) -> Counted:
    work, reason = _work(placed, origins)
    return Counted(placed=placed, start_ns=placed.call.start_ns + offset_ns, work=work, reason=reason)


def _work(placed: Placed, origins: Origins) -> tuple[Work | None, str]:
    if placed.inputs is None:
        return None, "its inputs could not be told apart in the profile"
    if len(placed.call.outputs) < sum(map(bool, placed.node.outputs)):
        return None, "an output is no tensor, or is not in the profile"
    executed = Executed(
        node=placed.node,
        inputs=placed.inputs,
        outputs=placed.call.outputs,
        weight=_weight(placed, origins),
    )
    try:
        return work_of(executed), ""
    except Unknown as error:
        return None, str(error)


def _weight(placed: Placed, origins: Origins) -> Shape | None:
    """The weight of the one convolution of the model that the call stands for."""
    if placed.node.op not in _WEIGHTED:
        return None
    found = [node for node in origins.nodes.get(key_of(placed.node), ()) if node.op in _WEIGHTED]
    if len(found) != 1:
        return None
    place = _WEIGHTED[found[0].op]
    name = found[0].inputs[place] if place < len(found[0].inputs) else ""
    return origins.weights.get(name)
