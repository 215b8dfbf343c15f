"""Which node of the executed graph each call of a profile was, and with which tensors.

Every node of a graph runs exactly once when the graph is executed. That resolves nodes of the same name or number in
different graphs, and shows a profile that misses calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.backends.operators.graph import Graph, Node, Shape
from assay.backends.operators.profile import Call, Execution
from assay.errors import RecordError

_REMEDY = "measure again with fewer repeats; if it stays, the runtime executes another graph than it wrote down"


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One call of one node of the executed graph."""

    graph: Graph
    node: Node
    call: Call
    depth: int
    """Calls around it."""
    inputs: tuple[Shape | None, ...] | None
    """One for each input of the node, None for an option left out; None where they could not be told apart."""


def place(execution: Execution, graph: Graph, depth: int = 0) -> Iterator[Placed]:
    """Every call of one execution, those inside of others included."""
    found = _assigned(execution.calls, graph)
    if found is None:
        have, want = len(execution.calls), len(graph.nodes)
        what = f"{have:,} calls were profiled of a graph of {want:,} nodes, and their names do not agree"
        raise RecordError(what, where=graph.name or "the model's graph", remedy=_REMEDY)
    for node, call in found:
        yield Placed(graph=graph, node=node, call=call, depth=depth, inputs=aligned(node, call.inputs, graph))
        for inner in call.executions:
            yield from place(inner, _body_of(node, inner), depth + 1)


def _assigned(calls: Sequence[Call], graph: Graph) -> list[tuple[Node, Call]] | None:
    """Calls with their nodes; None where they are not the graph's nodes, each once."""
    if len(calls) != len(graph.nodes):
        return None
    named = {node.name: node for node in graph.nodes if node.name}
    unnamed = [node for node in graph.nodes if not node.name]
    found = []
    for call in calls:
        node = named.pop(call.name, None)
        if node is None:
            node = next((each for each in unnamed if each.op == call.op), None)
            if node is None:
                return None
            unnamed.remove(node)
        found.append((node, call))
    return found


def _body_of(node: Node, execution: Execution) -> Graph:
    """The one of a node's graphs that was executed: a branch of two is known by its nodes."""
    for body in node.bodies:
        if _assigned(execution.calls, body) is not None:
            return body
    what = f"node {node.name!r} executed a graph that it does not hold"
    raise RecordError(what, where="the profile", remedy=_REMEDY)


def aligned(node: Node, given: Sequence[Shape], graph: Graph) -> tuple[Shape | None, ...] | None:
    """A shape for each input of the node: what the call was given, and constants, which may have been packed away."""
    constants = [graph.constants.get(name) if name else None for name in node.inputs]
    free = [place for place, name in enumerate(node.inputs) if name and constants[place] is None]
    fixed = [place for place, constant in enumerate(constants) if constant is not None]
    shown = len(given) - len(free)
    if not 0 <= shown <= len(fixed):
        return None
    kept = _kept(fixed, free, given, constants)
    if kept is None:
        return None
    shapes: list[Shape | None] = list(constants)
    for place, shape in kept.items():
        shapes[place] = shape
    return tuple(shapes)


def _kept(
    fixed: Sequence[int], free: Sequence[int], given: Sequence[Shape], constants: Sequence[Shape | None]
) -> dict[int, Shape] | None:
    """Place of each given shape, in order; constants among them agree in every dimension."""
    spare = len(fixed) + len(free) - len(given)
    found: dict[int, Shape] = {}
    places, rest = sorted([*fixed, *free]), list(given)
    for position, place in enumerate(places):
        constant = constants[place]
        if constant is None:
            if not rest:
                return None
            found[place] = rest.pop(0)
        elif rest and rest[0].dims == constant.dims and (spare == 0 or _fits(places[position + 1 :], rest, constants)):
            rest.pop(0)
        else:
            spare -= 1
    return found if not rest and spare == 0 else None


def _fits(places: Sequence[int], rest: Sequence[Shape], constants: Sequence[Shape | None]) -> bool:
    """Whether enough shapes would be left for the inputs behind that are not constants."""
    return len(rest) - 1 >= sum(constants[place] is None for place in places)
