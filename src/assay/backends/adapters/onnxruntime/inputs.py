"""Inputs for a model of any kind: given in a file, or made from types, shapes and what the graph does with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.backends.asked import Asked
from assay.backends.operators.graph import Graph
from assay.errors import PlanError

Feed = npt.NDArray[Any]

_FREE = 16
"""Size of a free dimension that nothing is known of."""
_TYPES = {"float": np.float32, "double": np.float64, "float16": np.float16, "bool": np.bool_}
_TENSOR = re.compile(r"tensor\((\w+)\)")
_MASK = re.compile("mask")
_LENGTH = re.compile("seq|len|time|step|token|row")
"""Names of dimensions that are no batch although they stand first."""
_SMALL = 2
"""Whole numbers of unknown use lie below it."""


def feed_for(wanted: Sequence[Any], graph: Graph, asked: Asked) -> dict[str, Feed]:
    """An array for each input."""
    given = _given(asked)
    unknown = set(given) - {each.name for each in wanted}
    if unknown:
        names = ", ".join(each.name for each in wanted)
        raise PlanError(f"the model has no input {min(unknown)!r}", where=str(asked.inputs), remedy=f"it has: {names}")
    random = np.random.default_rng(asked.seed)
    sizes: dict[str, int] = {}
    return {
        each.name: given[each.name] if each.name in given else _made(each, graph, (asked, sizes), random)
        for each in wanted
    }


def _given(asked: Asked) -> Mapping[str, Feed]:
    if asked.inputs is None:
        return {}
    try:
        with np.load(asked.inputs, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (OSError, ValueError, AttributeError) as error:
        remedy = "write it with numpy.savez(file, input_name=array)"
        raise PlanError("is no .npz file of arrays", where=str(asked.inputs), remedy=remedy) from error


def _made(wanted: Any, graph: Graph, context: tuple[Asked, dict[str, int]], random: np.random.Generator) -> Feed:
    kind = _TENSOR.fullmatch(wanted.type)
    if kind is None or kind[1] == "string":
        what = f"input {wanted.name!r} is a {wanted.type}, which can't be made up"
        raise PlanError(what, where=asked_model(context), remedy="give its values with --inputs FILE.npz")
    dims = [_size(dim, place, *context) for place, dim in enumerate(wanted.shape or [])]
    if kind[1] in {"float", "double", "float16"}:
        return np.asarray(random.standard_normal(dims)).astype(_TYPES[kind[1]])
    if kind[1] == "bool" or _MASK.search(wanted.name.lower()):
        return np.ones(dims, _TYPES.get(kind[1], np.dtype(kind[1]) if kind[1] != "bool" else np.bool_))
    return np.asarray(random.integers(0, _values(wanted.name, graph), dims)).astype(kind[1])


def asked_model(context: tuple[Asked, dict[str, int]]) -> str:
    """Which model."""
    return context[0].model


def _size(dim: object, place: int, asked: Asked, sizes: dict[str, int]) -> int:
    """Size of a dimension: as the model states it, or chosen once for every dimension of that name."""
    if isinstance(dim, int) and dim > 0:
        return dim
    name = str(dim) if isinstance(dim, str) and dim else f"#{place}"
    if name not in sizes:
        option = asked.options.get(name)
        if option is not None and option.isdigit() and int(option) > 0:
            sizes[name] = int(option)
        elif "past" in name.lower() and asked.prompt_tokens is None:
            sizes[name] = 0
        else:
            is_batch = place == 0 and not _LENGTH.search(name.lower())
            sizes[name] = asked.batch if is_batch else (asked.prompt_tokens or _FREE)
    return sizes[name]


def _values(name: str, graph: Graph) -> int:
    """How many values an input of whole numbers may take: rows of the table that it chooses from, or few."""
    names = {name}
    for node in graph.nodes:
        if node.op in {"Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze"} and names & set(node.inputs[:1]):
            names.update(node.outputs)
        if node.op == "Gather" and len(node.inputs) > 1 and node.inputs[1] in names:
            table = graph.constants.get(node.inputs[0])
            if table is not None and table.dims:
                return table.dims[int(node.attributes.get("axis", 0) or 0)]
    return _SMALL
