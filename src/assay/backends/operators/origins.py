"""Which nodes of the model each executed node does the work of.

A runtime fuses nodes, splits them, adds its own and renames tensors. What survives are names of tensors: an executed
node stands for the nodes of the model between the nearest tensors around it whose names the model knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.backends.operators.graph import Graph, Node, Shape, graphs_of

LAYOUT = frozenset({"ReorderInput", "ReorderOutput", "MemcpyFromHost", "MemcpyToHost"})
"""Operators that a runtime adds and no model holds."""


@dataclass(frozen=True, kw_only=True)
class Origins:
    """What executed nodes stand for."""

    nodes: Mapping[str, tuple[Node, ...]]
    """Nodes of the model, by the executed node's key; empty for what the runtime added."""
    folded: tuple[str, ...]
    """Nodes of the model that no executed node stands for, in the model's order: computed at load, or left out."""
    weights: Mapping[str, Shape]
    """Constants as the model holds them, by the names of the tensors that nodes see them as."""


def origins_of(model: Graph, executed: Graph) -> Origins:
    """Which nodes of the model each executed node does the work of."""
    found = _nodes_of(model, executed)
    stood_for = {node.name for nodes in found.values() for node in nodes}
    every = [node for graph in graphs_of(model) for node in graph.nodes]
    return Origins(
        nodes=found,
        folded=tuple(node.name for node in every if node.name not in stood_for),
        weights=_weights(model),
    )


def _weights(model: Graph) -> dict[str, Shape]:
    found = {name: shape for graph in graphs_of(model) for name, shape in graph.constants.items()}
    for graph in graphs_of(model):
        for node in graph.nodes:
            if node.op == "DequantizeLinear" and node.inputs[0] in found:
                found[node.outputs[0]] = found[node.inputs[0]]
    return found


def _nodes_of(model: Graph, executed: Graph) -> dict[str, tuple[Node, ...]]:
    producers = {name: node for graph in graphs_of(model) for node in graph.nodes for name in node.outputs if name}
    inputs = {name for graph in graphs_of(model) for name in graph.inputs}
    constant = _constants(model)
    known = _Known(producers, inputs, constant)
    return {key: nodes for graph in graphs_of(executed) for key, nodes in known.of_graph(graph)}


def key_of(node: Node) -> str:
    """What an executed node is found by."""
    return next((name for name in node.outputs if name), node.name)


class _Known:
    """What the model says."""

    def __init__(self, producers: Mapping[str, Node], inputs: set[str], constant: set[str]) -> None:
        self._producers, self._inputs, self._constant = producers, inputs, constant

    def of_graph(self, graph: Graph) -> Iterator[tuple[str, tuple[Node, ...]]]:
        """Keys and nodes for one executed graph."""
        for group in self._groups(graph):
            region = self._region(group)
            for node, mine in zip(group, _shared_out(group, region), strict=True):
                yield key_of(node), mine

    def _knows(self, name: str) -> bool:
        return name in self._producers or name in self._inputs

    def _groups(self, graph: Graph) -> list[list[Node]]:
        group_of: dict[str, list[Node]] = {}
        for node in graph.nodes:
            hidden = [group_of[name] for name in node.inputs if name in group_of and not self._knows(name)]
            joined = {id(group): group for group in hidden}
            mine = [*(each for group in joined.values() for each in group), node]
            group_of.update({name: mine for each in mine for name in (*each.outputs, each.name)})
        return list({id(group): group for group in group_of.values()}.values())

    def _region(self, group: Sequence[Node]) -> list[Node]:
        """Nodes of the model between what the group takes and what it gives, in the model's order backwards."""
        taken = {name for node in group for name in node.inputs if self._knows(name)}
        given = [name for node in group for name in node.outputs if name in self._producers]
        found: dict[str, Node] = {}
        waiting = list(given)
        while waiting:
            name = waiting.pop()
            node = self._producers.get(name)
            if node is None or node.name in found or (node.name in self._constant and name not in given):
                continue
            found[node.name] = node
            waiting += [each for each in node.inputs if each and each not in taken]
        return list(reversed(found.values()))


def _shared_out(group: Sequence[Node], region: Sequence[Node]) -> list[tuple[Node, ...]]:
    """The region's nodes, each to one node of the group: by its name, by its operator, or to the one before it."""
    if len(group) == 1:
        return [() if group[0].op in LAYOUT else tuple(region)]
    workers = [node for node in group if node.op not in LAYOUT]
    owners: dict[str, Node] = {}
    free = list(workers)
    for part in region:
        owner = next((each for each in free if each.name == part.name or each.op == part.op), None)
        if owner is not None:
            owners[part.name] = owner
            free.remove(owner)
    last = workers[0] if workers else None
    for part in region:
        last = owners.get(part.name, last)
        if last is not None:
            owners.setdefault(part.name, last)
    return [tuple(part for part in region if owners.get(part.name) is node) for node in group]


def _constants(model: Graph) -> set[str]:
    """Nodes that see constants alone: they are computed when the model is loaded."""
    found: set[str] = set()
    for graph in graphs_of(model):
        fixed = set(graph.constants)
        for node in graph.nodes:
            if not node.bodies and all(name in fixed for name in node.inputs if name):
                found.add(node.name)
                fixed.update(node.outputs)
    return found
