"""What is measured of products: each side makes, of operands, a call that multiplies them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

Work = Callable[[], Any]
ONEDNN_LINEAR = "_linear_pointwise"
Multiplication = Callable[[Any, Any, Any], Work | None]
"""Of A, B and C: writes the product into C, or returns it; None where the library can't."""


def of_assay(_: int) -> Multiplication:
    """Ours; ASSAY_THREADS says how many threads."""
    matmul_into = importlib.import_module("assay.vgpu.gemm").matmul_into
    return lambda a, b, c: partial(matmul_into, a, b, c)


def of_numpy(_: int) -> Multiplication:
    """NumPy's BLAS; OPENBLAS_NUM_THREADS says how many threads, OPENBLAS_CORETYPE which kernels."""
    matmul = importlib.import_module("numpy").matmul
    return lambda a, b, c: partial(matmul, a, b, c)


def of_torch(threads: int) -> Multiplication:
    """PyTorch's ``matmul``."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(threads)

    def prepare(a: Any, b: Any, c: Any) -> Work:
        return partial(torch.matmul, torch.from_numpy(a), torch.from_numpy(b), out=torch.from_numpy(c))

    return prepare


def of_onednn(threads: int) -> Multiplication:
    """PyTorch's way to oneDNN: a linear layer without a bias, of fp32 matrices; B's transpose is its weight."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(threads)
    linear = getattr(torch.ops.mkldnn, ONEDNN_LINEAR)

    def prepare(a: Any, b: Any, _: Any) -> Work | None:
        if a.dtype.itemsize != 4 or a.ndim != 2:
            return None
        return partial(linear, torch.from_numpy(a), torch.from_numpy(b).t(), None, "none", [], "")

    return prepare


def of_onnxruntime(threads: int) -> Multiplication:
    """ONNX Runtime's MatMul, on memory that is bound once; B is an input, not a weight."""
    return partial(_bind_onnxruntime, threads)


def _bind_onnxruntime(threads: int, a: Any, b: Any, c: Any) -> Work | None:
    numpy, runtime, onnx = (importlib.import_module(name) for name in ("numpy", "onnxruntime", "onnx"))
    transposed = b.ndim == 2 and not b.flags.c_contiguous
    kind = onnx.TensorProto.FLOAT if a.dtype.itemsize == 4 else onnx.TensorProto.DOUBLE
    left, right, out = (
        onnx.helper.make_tensor_value_info(name, kind, array.shape)
        for name, array in zip("abc", (a, b.T if transposed else b, c), strict=True)
    )
    node = onnx.helper.make_node(
        "Gemm" if transposed else "MatMul", ["a", "b"], ["c"], **({"transB": 1} if transposed else {})
    )
    graph = onnx.helper.make_graph([node], "product", [left, right], [out])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    session = runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    held = [numpy.ascontiguousarray(a), numpy.ascontiguousarray(b.T if transposed else b), c]
    for name, array in zip("ab", held[:2], strict=True):
        binding.bind_input(name, "cpu", 0, a.dtype, array.shape, array.ctypes.data)
    binding.bind_output("c", "cpu", 0, a.dtype, c.shape, c.ctypes.data)
    return _Held(partial(session.run_with_iobinding, binding), held)


class _Held:
    """A call and the memory it uses."""

    def __init__(self, call: Work, memory: list[Any]) -> None:
        self._call, self._memory = call, memory

    def __call__(self) -> None:
        self._call()


SIDES: dict[str, Callable[[int], Multiplication]] = {
    "ours": of_assay,
    "numpy": of_numpy,
    "numpy-skylakex": of_numpy,
    "onnxruntime": of_onnxruntime,
    "torch": of_torch,
    "onednn": of_onednn,
}
"""By the name that tables give; the number is of threads."""

VARIABLES: dict[str, dict[str, str]] = {
    "numpy-skylakex": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "ours": {"ASSAY_TUNING": "off"},
}
"""What a side's process has in its environment beside the number of threads."""
