"""Small ONNX models of every kind that a profiler has to cope with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_FLOAT, _INT, _BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def node(op: str, inputs: Sequence[str], outputs: Sequence[str], name: str = "", **attributes: Any) -> Any:
    return helper.make_node(op, list(inputs), list(outputs), name=name, **attributes)


def value(name: str, dims: Sequence[Any], kind: int = _FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, list(dims))


def weight(name: str, *dims: int, dtype: Any = np.float32) -> Any:
    values = np.random.default_rng(len(name)).standard_normal(dims) * 0.1
    return numpy_helper.from_array(values.astype(dtype), name)


def fixed(name: str, values: Any, dtype: Any) -> Any:
    return numpy_helper.from_array(np.array(values, dtype), name)


def save(
    path: Path, nodes: Sequence[Any], inputs: Sequence[Any], outputs: Sequence[Any], weights: Sequence[Any]
) -> Path:
    graph = helper.make_graph(list(nodes), path.stem, list(inputs), list(outputs), list(weights))
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)], ir_version=8
    )
    onnx.save(model, str(path))
    return path


def cnn(path: Path) -> Path:
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c1"], "conv1", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Relu", ["c1"], ["r1"], "relu1"),
        node("MaxPool", ["r1"], ["p1"], "pool1", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["p1", "w2", "b2"], ["c2"], "conv2", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Relu", ["c2"], ["r2"], "relu2"),
        node("GlobalAveragePool", ["r2"], ["g"], "pool2"),
        node("Flatten", ["g"], ["f"], "flat"),
        node("Gemm", ["f", "w3", "b3"], ["y"], "head", transB=1),
    ]
    weights = [weight("w1", 20, 3, 3, 3), weight("b1", 20), weight("w2", 32, 20, 3, 3), weight("b2", 32)]
    weights += [weight("w3", 10, 32), weight("b3", 10)]
    return save(path, nodes, [value("x", ["n", 3, 32, 32])], [value("y", ["n", 10])], weights)


def transformer(path: Path) -> Path:
    """One block of attention and feed-forward, batch and length free."""
    width, heads = 64, 4
    nodes = [node("LayerNormalization", ["x", "g1", "s1"], ["n1"], "norm1", axis=-1)]
    for part in "qkv":
        nodes += [
            node("MatMul", ["n1", f"w{part}"], [f"{part}0"], f"{part}_proj"),
            node("Reshape", [f"{part}0", "split"], [f"{part}1"], f"{part}_split"),
            node(
                "Transpose",
                [f"{part}1"],
                [f"{part}2"],
                f"{part}_turn",
                perm=[0, 2, 3 if part == "k" else 1, 1 if part == "k" else 3],
            ),
        ]
    nodes += [
        node("MatMul", ["q2", "k2"], ["scores"], "scores"),
        node("Mul", ["scores", "scale"], ["scaled"], "scale"),
        node("Softmax", ["scaled"], ["weights"], "softmax", axis=-1),
        node("MatMul", ["weights", "v2"], ["context"], "context"),
        node("Transpose", ["context"], ["turned"], "turn", perm=[0, 2, 1, 3]),
        node("Reshape", ["turned", "join"], ["joined"], "join"),
        node("MatMul", ["joined", "wo"], ["attended"], "o_proj"),
        node("Add", ["x", "attended"], ["residual"], "residual"),
        node("MatMul", ["residual", "w1"], ["h0"], "up"),
        node("Relu", ["h0"], ["h1"], "act"),
        node("MatMul", ["h1", "w2"], ["h2"], "down"),
        node("Add", ["residual", "h2"], ["y"], "residual2"),
    ]
    weights = [weight(f"w{part}", width, width) for part in "qkvo"]
    weights += [
        weight("w1", width, 4 * width),
        weight("w2", 4 * width, width),
        weight("g1", width),
        weight("s1", width),
    ]
    weights += [fixed("split", [0, 0, heads, width // heads], np.int64), fixed("join", [0, 0, width], np.int64)]
    weights += [fixed("scale", 0.25, np.float32)]
    return save(
        path, nodes, [value("x", ["batch", "length", width])], [value("y", ["batch", "length", width])], weights
    )


def lstm(path: Path) -> Path:
    nodes = [
        node("LSTM", ["x", "w", "r", "b"], ["y0", "h", "c"], "lstm", hidden_size=32),
        node("Squeeze", ["y0", "axis"], ["y"], "squeeze"),
    ]
    weights = [weight("w", 1, 128, 16), weight("r", 1, 128, 32), weight("b", 1, 256), fixed("axis", [1], np.int64)]
    return save(path, nodes, [value("x", ["time", 2, 16])], [value("y", ["time", 2, 32])], weights)


def branch(path: Path) -> Path:
    """``If`` with two branches whose nodes bear the same names."""

    def body(name: str, op: str) -> Any:
        nodes = [node("MatMul", ["x", "w"], [f"{name}0"], "inner"), node(op, [f"{name}0"], [name], "last")]
        return helper.make_graph(nodes, name, [], [value(name, [4, 16])])

    nodes = [
        node("If", ["yes"], ["z"], "choice", then_branch=body("then", "Tanh"), else_branch=body("else", "Relu")),
        node("Relu", ["z"], ["y"], "last"),
    ]
    inputs = [value("x", [4, 16]), value("yes", [], _BOOL)]
    return save(path, nodes, inputs, [value("y", [4, 16])], [weight("w", 16, 16)])


def _loop(name: str, trips: str, inner: Sequence[Any], taken: str, given: str) -> Any:
    """A loop whose body runs the nodes, which carry ``taken`` on to ``given``."""
    return helper.make_graph(
        [node("Identity", [f"{name}_go"], [f"{name}_on"], "keep_on"), *inner],
        f"{name}_body",
        [value(f"{name}_i", [], _INT), value(f"{name}_go", [], _BOOL), value(taken, [4, 16])],
        [value(f"{name}_on", [], _BOOL), value(given, [4, 16])],
    )


def loop(path: Path) -> Path:
    body = _loop(
        "outer", "n", [node("MatMul", ["v", "w"], ["t"], "inner"), node("Tanh", ["t"], ["o"], "bend")], "v", "o"
    )
    nodes = [node("Loop", ["n", "", "x"], ["y"], "repeat", body=body)]
    return save(
        path, nodes, [value("x", [4, 16])], [value("y", [4, 16])], [weight("w", 16, 16), fixed("n", 5, np.int64)]
    )


def nested_loop(path: Path) -> Path:
    """Three times four products; names and indices occur in both bodies."""
    deep = _loop("deep", "m", [node("MatMul", ["v2", "w"], ["o2"], "inner")], "v2", "o2")
    shallow = [node("Loop", ["m", "", "v1"], ["t1"], "again", body=deep), node("Tanh", ["t1"], ["o1"], "inner")]
    nodes = [node("Loop", ["n", "", "x"], ["y"], "repeat", body=_loop("wide", "n", shallow, "v1", "o1"))]
    weights = [weight("w", 16, 16), fixed("n", 3, np.int64), fixed("m", 4, np.int64)]
    return save(path, nodes, [value("x", [4, 16])], [value("y", [4, 16])], weights)


def branch_in_loop(path: Path) -> Path:
    """Five turns, of which the even ones take one branch and the odd ones the other."""

    def body(name: str, op: str) -> Any:
        return helper.make_graph([node(op, ["t"], [name], "act")], name, [], [value(name, [4, 16])])

    inner = [
        node("MatMul", ["v", "w"], ["t"], "inner"),
        node("Mod", ["turn_i", "two"], ["p"], "parity"),
        node("Equal", ["p", "zero"], ["yes"], "even"),
        node("If", ["yes"], ["o"], "choice", then_branch=body("then", "Tanh"), else_branch=body("else", "Relu")),
    ]
    nodes = [node("Loop", ["n", "", "x"], ["y"], "repeat", body=_loop("turn", "n", inner, "v", "o"))]
    weights = [weight("w", 16, 16), fixed("n", 5, np.int64), fixed("two", 2, np.int64), fixed("zero", 0, np.int64)]
    return save(path, nodes, [value("x", [4, 16])], [value("y", [4, 16])], weights)


def scan(path: Path) -> Path:
    body = helper.make_graph(
        [node("Add", ["state", "row"], ["next"], "step"), node("Identity", ["next"], ["out"], "copy")],
        "scan_body",
        [value("state", [8]), value("row", [8])],
        [value("next", [8]), value("out", [8])],
    )
    nodes = [node("Scan", ["s0", "x"], ["last", "y"], "scan", body=body, num_scan_inputs=1)]
    outputs = [value("last", [8]), value("y", ["rows", 8])]
    return save(path, nodes, [value("x", ["rows", 8])], outputs, [weight("s0", 8)])


def qdq(path: Path) -> Path:
    """A convolution and a product between quantisation and its inverse, as tools for training leave them."""
    weights = [fixed("s", 0.05, np.float32), fixed("z", 128, np.uint8), fixed("zi", 0, np.int8)]
    weights += [weight("w", 8, 3, 3, 3), weight("m", 8, 16)]
    weights[-2] = fixed("w", np.random.default_rng(1).integers(-90, 90, (8, 3, 3, 3)), np.int8)
    weights[-1] = fixed("m", np.random.default_rng(2).integers(-90, 90, (8, 16)), np.int8)
    nodes = [
        node("QuantizeLinear", ["x", "s", "z"], ["xq"], "q_in"),
        node("DequantizeLinear", ["xq", "s", "z"], ["xd"], "d_in"),
        node("DequantizeLinear", ["w", "s", "zi"], ["wd"], "d_w"),
        node("Conv", ["xd", "wd"], ["c"], "conv", kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        node("Relu", ["c"], ["r"], "relu"),
        node("QuantizeLinear", ["r", "s", "z"], ["rq"], "q_mid"),
        node("DequantizeLinear", ["rq", "s", "z"], ["rd"], "d_mid"),
        node("GlobalAveragePool", ["rd"], ["g"], "pool"),
        node("Flatten", ["g"], ["f"], "flat"),
        node("QuantizeLinear", ["f", "s", "z"], ["fq"], "q_flat"),
        node("DequantizeLinear", ["fq", "s", "z"], ["fd"], "d_flat"),
        node("DequantizeLinear", ["m", "s", "zi"], ["md"], "d_m"),
        node("MatMul", ["fd", "md"], ["o"], "product"),
        node("QuantizeLinear", ["o", "s", "z"], ["oq"], "q_out"),
        node("DequantizeLinear", ["oq", "s", "z"], ["y"], "d_out"),
    ]
    return save(path, nodes, [value("x", ["n", 3, 16, 16])], [value("y", ["n", 16])], weights)


def qlinear(path: Path) -> Path:
    """Operators on whole numbers, as tools for converting finished models write them."""
    random = np.random.default_rng(3)
    weights = [fixed("s", 0.05, np.float32), fixed("z", 128, np.uint8), fixed("zi", 0, np.int8)]
    weights += [
        fixed("w", random.integers(-90, 90, (8, 3, 3, 3)), np.int8),
        fixed("m", random.integers(-90, 90, (8, 16)), np.int8),
    ]
    weights += [fixed("shape", [0, 8], np.int64), fixed("axes", [2, 3], np.int64)]
    nodes = [
        node("QuantizeLinear", ["x", "s", "z"], ["xq"], "q_in"),
        node(
            "QLinearConv", ["xq", "s", "z", "w", "s", "zi", "s", "z"], ["cq"], "conv", kernel_shape=[3, 3], pads=[1] * 4
        ),
        node("DequantizeLinear", ["cq", "s", "z"], ["c"], "d_conv"),
        node("GlobalAveragePool", ["c"], ["g"], "pool"),
        node("Squeeze", ["g", "axes"], ["f"], "flat"),
        node("QuantizeLinear", ["f", "s", "z"], ["fq"], "q_flat"),
        node("QLinearMatMul", ["fq", "s", "z", "m", "s", "zi", "s", "z"], ["oq"], "product"),
        node("DequantizeLinear", ["oq", "s", "z"], ["o"], "d_out"),
        node("DynamicQuantizeLinear", ["o"], ["dq", "ds", "dz"], "dynamic"),
        node("MatMulInteger", ["dq", "m2", "dz"], ["i"], "integer"),
        node("Cast", ["i"], ["y"], "cast", to=_FLOAT),
    ]
    weights.append(fixed("m2", random.integers(-90, 90, (16, 16)), np.int8))
    return save(path, nodes, [value("x", ["n", 3, 16, 16])], [value("y", ["n", 16])], weights)


def tiny(path: Path, count: int = 150) -> Path:
    """A chain of operators that take no time; their kinds alternate, so that none can be merged."""
    nodes = [
        node("Sin" if place % 2 else "Abs", [f"t{place}"], [f"t{place + 1}"], f"op{place}") for place in range(count)
    ]
    return save(path, nodes, [value("t0", [4])], [value(f"t{count}", [4])], [])


MODELS: dict[str, Callable[[Path], Path]] = {
    "cnn": cnn,
    "transformer": transformer,
    "lstm": lstm,
    "if": branch,
    "loop": loop,
    "nested_loop": nested_loop,
    "branch_in_loop": branch_in_loop,
    "scan": scan,
    "qdq": qdq,
    "qlinear": qlinear,
    "tiny": tiny,
}
"""Every model by name."""
