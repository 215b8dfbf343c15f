"""A model as a graph of operators, free of the library that it was read with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ITEM_BITS: dict[str, int] = {
    "float": 32,
    "double": 64,
    "float16": 16,
    "bfloat16": 16,
    "float8e4m3fn": 8,
    "float8e4m3fnuz": 8,
    "float8e5m2": 8,
    "float8e5m2fnuz": 8,
    "int64": 64,
    "uint64": 64,
    "int32": 32,
    "uint32": 32,
    "int16": 16,
    "uint16": 16,
    "int8": 8,
    "uint8": 8,
    "bool": 8,
    "complex64": 64,
    "complex128": 128,
    "int4": 4,
    "uint4": 4,
    "float4e2m1": 4,
}
"""Bits of one element, by the names that ONNX Runtime writes into its profiles."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Type and dimensions of a tensor that is there."""

    dtype: str
    dims: tuple[int, ...]

    @property
    def elements(self) -> int:
        """How many."""
        return math.prod(self.dims)

    @property
    def nbytes(self) -> int | None:
        """What they take; None for a type without a fixed size, such as text."""
        bits = ITEM_BITS.get(self.dtype)
        return None if bits is None else (self.elements * bits + 7) // 8


@dataclass(frozen=True, kw_only=True)
class Node:
    """One operator of a graph."""

    name: str
    """Unique in the whole model, graphs in graphs included; empty where the runtime made a node without one."""
    op: str
    domain: str = ""
    inputs: tuple[str, ...] = ()
    """Names of tensors; empty where an optional one is left out."""
    outputs: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Numbers, texts and tuples of them."""
    bodies: tuple[Graph, ...] = ()
    """Graphs that it runs: branches and bodies of loops."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Nodes in an order in which they can run."""

    name: str
    """Empty for the model's own; below it the names of the nodes that hold it and of their attribute."""
    nodes: tuple[Node, ...]
    constants: Mapping[str, Shape] = field(default_factory=dict)
    """Weights and other constants that its nodes see, those of the graphs around it included."""
    inputs: tuple[str, ...] = ()
    """Tensors that are handed in."""
    outputs: tuple[str, ...] = ()
    """Tensors that are handed out."""


def graphs_of(graph: Graph) -> Iterator[Graph]:
    """The graph and all below it."""
    yield graph
    for node in graph.nodes:
        for body in node.bodies:
            yield from graphs_of(body)
