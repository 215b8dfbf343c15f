"""ONNX files as graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from assay.backends.adapters.onnxruntime.reading import load
from assay.backends.operators.graph import Shape, graphs_of
from assay.errors import RecordError
from assay.record.enums import Precision
from tests.backends.onnx_models import MODELS, node, save, value, weight


def test_every_node_of_all_graphs_has_a_name_of_its_own(tmp_path: Path) -> None:
    loaded = load(MODELS["nested_loop"](tmp_path / "m.onnx"))
    names = [each.name for graph in graphs_of(loaded.graph) for each in graph.nodes]
    assert len(names) == len(set(names)) == 6
    assert sorted(loaded.labels.values()) == ["inner", "inner", "keep_on", "keep_on"]


def test_nodes_without_a_name_get_one(tmp_path: Path) -> None:
    nodes = [node("Relu", ["x"], ["a"]), node("Relu", ["a"], ["b"], "Relu_0"), node("Abs", ["b"], ["y"])]
    loaded = load(save(tmp_path / "m.onnx", nodes, [value("x", [1])], [value("y", [1])], []))
    assert [each.name for each in loaded.graph.nodes] == ["Relu_0_", "Relu_0", "Abs_2"]


def test_weights_of_a_graph_are_seen_in_the_graphs_inside(tmp_path: Path) -> None:
    loaded = load(MODELS["nested_loop"](tmp_path / "m.onnx"))
    assert all(graph.constants["w"] == Shape("float", (16, 16)) for graph in graphs_of(loaded.graph))


def test_most_of_the_weights_decide_the_precision(tmp_path: Path) -> None:
    assert load(MODELS["qdq"](tmp_path / "q.onnx")).precision is Precision.INT8
    loaded = load(MODELS["cnn"](tmp_path / "c.onnx"))
    assert loaded.precision is Precision.FP32
    assert loaded.weight_bytes == 4 * loaded.parameters


def test_a_model_without_nodes_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "m.onnx", [], [value("x", [1])], [value("x", [1])], [weight("w", 1)])
    with pytest.raises(RecordError, match="no node"):
        load(path)
    with pytest.raises(RecordError, match="No such file"):
        load(tmp_path / "none.onnx")
