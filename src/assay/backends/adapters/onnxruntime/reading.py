"""An ONNX file as a graph of operators, with a name of its own for every node."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

from assay.backends.operators.graph import Graph, Node, Shape
from assay.errors import RecordError
from assay.record.enums import Precision

_DTYPES: dict[int, str] = {number: name.lower() for name, number in TensorProto.DataType.items()}
_PRECISIONS = {
    "float": Precision.FP32,
    "double": Precision.FP64,
    "float16": Precision.FP16,
    "bfloat16": Precision.BF16,
    "int8": Precision.INT8,
    "uint8": Precision.INT8,
    "int4": Precision.INT4,
    "uint4": Precision.INT4,
}
_DEPTH = 64
"""Most graphs in one another."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A model that was read."""

    path: Path
    graph: Graph
    labels: Mapping[str, str]
    """Names that the model gives its nodes, for those that had to be renamed."""
    bytes: bytes
    """The model with its nodes named; weights in files of their own stay there."""
    producer: str | None
    precision: Precision
    parameters: int
    weight_bytes: int
    sha256: str

    @property
    def folder(self) -> Path:
        """Where files of weights are looked for."""
        return self.path.resolve().parent


def load(path: Path) -> Loaded:
    """Read a model and name its nodes."""
    try:
        data = path.read_bytes()
        proto = onnx.load_model_from_string(data)
    except OSError as error:
        raise RecordError(error.strerror or "can't be read", where=str(path), remedy="name an ONNX file") from error
    except Exception as error:
        raise RecordError("is no ONNX model, or a damaged one", where=str(path), remedy="export it again") from error
    if not proto.graph.node:
        raise RecordError("the model has no node", where=str(path), remedy="export it again")
    labels = _name_nodes(proto.graph)
    graph = _graph(proto.graph, "", {}, 0)
    weights = [Shape(_dtype(each.data_type), tuple(each.dims)) for each in _initializers(proto.graph, 0)]
    return Loaded(
        path=path,
        graph=graph,
        labels=labels,
        bytes=proto.SerializeToString(),
        producer=" ".join(part for part in (proto.producer_name, proto.producer_version) if part)[:512] or None,
        precision=_precision(weights),
        parameters=sum(shape.elements for shape in weights),
        weight_bytes=sum(shape.nbytes or 0 for shape in weights),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def graph_of(path: Path) -> Graph:
    """The graph in a file; files of weights are left alone."""
    return _graph(onnx.load_model(str(path), load_external_data=False).graph, "", {}, 0)


def _name_nodes(graph: Any) -> dict[str, str]:
    """Names that occur once stay; every other node gets one. Names that were unique in their graph are given back."""
    every = list(_all_nodes(graph, 0))
    times = Counter(node.name for _, node in every)
    times_there = Counter((place, node.name) for place, node in every)
    taken, labels = set(times), {}
    for number, (place, node) in enumerate(every):
        if node.name and times[node.name] == 1:
            continue
        name = f"{node.name or node.op_type}_{number}"
        while name in taken:
            name += "_"
        if node.name and times_there[place, node.name] == 1:
            labels[name] = node.name
        node.name = name
        taken.add(name)
    return labels


def _all_nodes(graph: Any, depth: int) -> Iterator[tuple[int, Any]]:
    for node in graph.node:
        yield id(graph), node
        for _, body in _bodies(node, depth):
            yield from _all_nodes(body, depth + 1)


def _bodies(node: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _DEPTH:
        raise RecordError(f"more than {_DEPTH} graphs in one another", remedy="unroll some of the model's loops")
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            yield attribute.name, attribute.g
        elif attribute.type == onnx.AttributeProto.GRAPHS:
            for body in attribute.graphs:
                yield attribute.name, body


def _graph(proto: Any, name: str, around: Mapping[str, Shape], depth: int) -> Graph:
    hidden = {each.name for each in proto.input} | {output for node in proto.node for output in node.output}
    constants = {key: shape for key, shape in around.items() if key not in hidden}
    constants |= {each.name: Shape(_dtype(each.data_type), tuple(each.dims)) for each in proto.initializer}
    constants |= {
        each.values.name: Shape(_dtype(each.values.data_type), tuple(each.dims)) for each in proto.sparse_initializer
    }
    return Graph(
        name=name,
        nodes=tuple(_node(node, name, constants, depth) for node in proto.node),
        constants=constants,
        inputs=tuple(each.name for each in proto.input),
        outputs=tuple(each.name for each in proto.output),
    )


def _node(proto: Any, graph: str, constants: Mapping[str, Shape], depth: int) -> Node:
    place = f"{graph}/{proto.name}" if graph else proto.name
    return Node(
        name=proto.name,
        op=proto.op_type,
        domain=proto.domain,
        inputs=tuple(proto.input),
        outputs=tuple(proto.output),
        attributes={each.name: _plain(each) for each in proto.attribute},
        bodies=tuple(_graph(body, f"{place}.{key}", constants, depth + 1) for key, body in _bodies(proto, depth)),
    )


def _plain(attribute: Any) -> Any:
    """An attribute's value where it is a number, a text or a list of these; None for anything else."""
    kind = onnx.AttributeProto
    if attribute.type in {kind.INT, kind.FLOAT, kind.STRING, kind.INTS, kind.FLOATS, kind.STRINGS}:
        value = helper.get_attribute_value(attribute)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return tuple(value) if isinstance(value, list) else value
    return None


def _initializers(graph: Any, depth: int) -> Iterator[Any]:
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                yield attribute.t
        for _, body in _bodies(node, depth):
            yield from _initializers(body, depth + 1)


def _dtype(number: int) -> str:
    return _DTYPES.get(number, "undefined")


def _precision(weights: list[Shape]) -> Precision:
    """That of most of the weights, by elements."""
    sizes: Counter[Precision] = Counter()
    for shape in weights:
        if shape.dtype in _PRECISIONS:
            sizes[_PRECISIONS[shape.dtype]] += shape.elements
    return sizes.most_common(1)[0][0] if sizes else Precision.FP32
