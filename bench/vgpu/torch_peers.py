"""Products of PyTorch, and of oneDNN by way of PyTorch, where it is installed."""

from __future__ import annotations

import importlib
from functools import cache, partial
from typing import Any

import numpy as np

from bench.vgpu.turns import Work


def private(namespace: Any, name: str) -> Any:
    """What PyTorch compiles models to: it has no public names."""
    return getattr(namespace, f"_{name}")


@cache
def torch_of(threads: int) -> Any:
    """PyTorch with so many threads; None where it is not installed."""
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return None
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    return torch


def tensor(torch: Any, kind: str, values: Any) -> Any:
    """The values of an fp32 array as fp32, bf16, fp16 or, times 40, int8."""
    wide = torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
    if kind == "int8":
        return (wide * 40).clamp(-127, 127).to(torch.int8)
    return wide.to({"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[kind])


def plain_product(torch: Any, kind: str, a: Any, b: Any) -> Work:
    """``a @ b`` with both as they lie; int8 into int32."""
    left = tensor(torch, kind, a)
    right = tensor(torch, kind, b.T).T if b.flags.f_contiguous else tensor(torch, kind, b)
    if kind == "int8":
        return partial(private(torch, "int_mm"), left, right)
    return partial(torch.matmul, left, right, out=torch.empty((a.shape[0], b.shape[1]), dtype=left.dtype))


def layers(torch: Any, kind: str, a: Any, weights: Any) -> dict[str, Work]:
    """Ways to multiply by the weights of a layer, of shape ``(outputs, inputs)``."""
    x = tensor(torch, "fp32" if kind in {"int8", "int4"} else kind, a)
    if kind == "int4":
        return _int4_layers(torch, a, weights)
    if kind == "int8":
        return _int8_layers(torch, a, weights)
    w = tensor(torch, kind, weights)
    ways: dict[str, Work] = {"torch": partial(torch.nn.functional.linear, x, w)}
    if kind != "fp16":
        packed = private(torch.ops.mkldnn, "reorder_linear_weight")(w, a.shape[0])
        ways["oneDNN packed"] = partial(private(torch.ops.mkldnn, "linear_pointwise"), x, packed, None, "none", [], "")
    return ways


def _int8_layers(torch: Any, a: Any, weights: Any) -> dict[str, Work]:
    w = tensor(torch, "int8", weights)
    ways: dict[str, Work] = {"torch int_mm": partial(private(torch, "int_mm"), tensor(torch, "int8", a), w.T)}
    halves = tensor(torch, "bf16", a)
    scales = torch.ones(w.shape[0], dtype=torch.bfloat16)
    ways["torch weight-only"] = partial(private(torch, "weight_int8pack_mm"), halves, w, scales)
    quantised = torch.quantize_per_tensor(tensor(torch, "fp32", weights), 0.025, 0, torch.qint8)
    packed = torch.ops.quantized.linear_prepack(quantised, None)
    ways["oneDNN dynamic"] = partial(torch.ops.quantized.linear_dynamic, tensor(torch, "fp32", a), packed)
    return ways


def _int4_layers(torch: Any, a: Any, weights: Any) -> dict[str, Work]:
    group = 128
    n, k = weights.shape
    codes = torch.randint(0, 16, (n, k), dtype=torch.int32)
    packed = private(torch, "convert_weight_to_int4pack_for_cpu")(codes, 1)
    scales = torch.ones((k // group, n, 2), dtype=torch.bfloat16)
    return {
        "torch int4": partial(
            private(torch, "weight_int4pack_mm_for_cpu"), tensor(torch, "bf16", a), packed, group, scales
        ),
    }
