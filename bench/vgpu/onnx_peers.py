"""Products of ONNX Runtime, where it and onnx are installed: models of one layer, whose weights it packs beforehand."""

from __future__ import annotations

import importlib
from functools import partial
from typing import Any

import numpy as np

from bench.vgpu.turns import Work

OPSET = 21
GROUP = 128


def layers(kind: str, a: Any, weights: Any, threads: int) -> dict[str, Work]:
    """Ways to multiply ``a`` by the weights of a layer, of shape ``(outputs, inputs)``; none where it has none."""
    try:
        onnx, runtime = importlib.import_module("onnx"), importlib.import_module("onnxruntime")
    except ImportError:
        return {}
    make = {"fp32": _plain, "int8": _integer, "int4": _nibbles}.get(kind)
    return make(onnx, runtime, a, weights, threads) if make else {}


def _plain(onnx: Any, runtime: Any, a: Any, weights: Any, threads: int) -> dict[str, Work]:
    helper, array = onnx.helper, onnx.numpy_helper.from_array
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    wide = array(np.ascontiguousarray(weights.T), "w")
    return {"onnxruntime": _session(onnx, runtime, [node], [wide], {"x": a}, threads)}


def _integer(onnx: Any, runtime: Any, a: Any, weights: Any, threads: int) -> dict[str, Work]:
    helper, array = onnx.helper, onnx.numpy_helper.from_array
    bytes_of_weights = array(np.ascontiguousarray((weights.T * 40).clip(-127, 127).astype(np.int8)), "w")
    exact = helper.make_node("MatMulInteger", ["x", "w"], ["y"])
    given = (a * 40).clip(-128, 127).astype(np.int8).view(np.uint8)
    dynamic = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
        helper.make_node("MatMulInteger", ["q", "w", "z"], ["i"]),
        helper.make_node("Cast", ["i"], ["f"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", ["f", "s"], ["y"]),
    ]
    return {
        "onnxruntime integer": _session(onnx, runtime, [exact], [bytes_of_weights], {"x": given}, threads),
        "onnxruntime dynamic": _session(onnx, runtime, dynamic, [bytes_of_weights], {"x": a}, threads),
    }


def _nibbles(onnx: Any, runtime: Any, a: Any, weights: Any, threads: int) -> dict[str, Work]:
    n, k = weights.shape
    generator = np.random.default_rng(1)
    array = onnx.numpy_helper.from_array
    given = [
        array(generator.integers(0, 256, (n, k // GROUP, GROUP // 2), dtype=np.uint8), "w"),
        array(np.ones(n * k // GROUP, np.float32), "s"),
    ]
    ways = {}
    for level, name in ((1, "fp32"), (4, "int8")):
        node = onnx.helper.make_node(
            "MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft",
            K=k, N=n, bits=4, block_size=GROUP, accuracy_level=level,
        )  # fmt: skip
        ways[f"onnxruntime nbits {name}"] = _session(onnx, runtime, [node], given, {"x": a}, threads)
    return ways


def _session(
    onnx: Any, runtime: Any, nodes: list[Any], weights: list[Any], feeds: dict[str, Any], threads: int
) -> Work:
    helper, types = onnx.helper, onnx.TensorProto
    x = feeds["x"]
    element = types.FLOAT if x.dtype == np.float32 else types.UINT8
    result = types.INT32 if x.dtype == np.uint8 else types.FLOAT
    graph = helper.make_graph(
        nodes,
        "layer",
        [helper.make_tensor_value_info("x", element, x.shape)],
        [helper.make_tensor_value_info("y", result, None)],
        weights,
    )
    sets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=sets, ir_version=10)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    session = runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return partial(session.run, ["y"], feeds)
