"""Small files as other tools write them."""

from __future__ import annotations

import json
from typing import Any


def ort_event(cat: str, name: str, ts: int, dur: int, **args: Any) -> dict[str, Any]:
    return {"cat": cat, "pid": 9, "tid": 41, "dur": dur, "ts": ts, "ph": "X", "name": name, "args": args}


def ort_node(name: str, op: str, index: int, ts: int, dur: int) -> dict[str, Any]:
    args = {"op_name": op, "node_index": str(index), "provider": "CPUExecutionProvider", "output_size": "4"}
    return ort_event("Node", f"{name}_kernel_time", ts, dur, **args)


def ort_run(at: int) -> list[dict[str, Any]]:
    """One run: a product, then a loop of two turns whose node has the product's index and name."""
    return [
        ort_event("Node", "/model/layers.3/mlp/MatMul_fence_before", at + 5, 0),
        ort_node("/model/layers.3/mlp/MatMul", "MatMul", 0, at + 10, 40),
        ort_node("loop", "Loop", 1, at + 60, 100),
        ort_node("/model/layers.3/mlp/MatMul", "MatMul", 0, at + 70, 20),
        ort_node("inner_if", "If", 1, at + 95, 30),
        ort_node("/model/layers.3/mlp/MatMul", "Add", 0, at + 100, 10),
        ort_event("Session", "SequentialExecutor::Execute", at + 4, 170),
        ort_event("Session", "model_run", at, 200),
    ]


def onnxruntime() -> str:
    load = ort_event("Session", "model_loading_uri", 0, 50)
    return json.dumps([load, *ort_run(1000), *ort_run(2000)])


def chrome() -> str:
    """PyTorch's Kineto: modules around operators, a kernel on the device, a pair of begin and end."""

    def event(cat: str, name: str, ts: float, dur: float, tid: Any = 5, **args: Any) -> dict[str, Any]:
        return {"ph": "X", "cat": cat, "name": name, "pid": 1, "tid": tid, "ts": ts, "dur": dur, "args": args}

    events = [
        event("python_function", "nn.Module: LlamaDecoderLayer_2", 100.0, 80.5),
        event("python_function", "nn.Module: LlamaAttention_2", 110.0, 40.0),
        event("cpu_op", "aten::mm", 120.0, 20.25, **{"Input Dims": [[1, 8], [8, 8]]}),
        event("python_function", "nn.Module: LlamaMLP_2", 155.0, 20.0),
        event("cpu_op", "aten::mm", 160.0, 10.0),
        event("kernel", "void gemm<float, 4>(int)", 130.0, 12.0, tid="stream 7", device=0, stream=7),
        event("Trace", "PyTorch Profiler (0)", 0.0, 900.0, tid="PyTorch Profiler"),
        {"ph": "B", "name": "sampling", "pid": 1, "tid": 6, "ts": 300.0},
        {"ph": "E", "name": "sampling", "pid": 1, "tid": 6, "ts": 310.0},
        {"ph": "M", "name": "process_name", "pid": 1, "tid": 0, "args": {"name": "python"}},
    ]
    return json.dumps({"schemaVersion": 1, "deviceProperties": [{"id": 0}], "traceEvents": events})


def vllm_layerwise() -> str:
    def module(name: str, time_us: float, *children: Any) -> dict[str, Any]:
        entry = {"name": name, "cpu_time_us": 1.0, "cuda_time_us": time_us, "pct_cuda_time": 1.0, "trace": ""}
        return {"entry": entry, "children": list(children)}

    def layer(attention_us: float) -> dict[str, Any]:
        attention = module("LlamaAttention", attention_us, module("QKVParallelLinear(weight=float16[9])", 30.0))
        return module("LlamaDecoderLayer", attention_us + 60.0, attention, module("LlamaMLP", 55.0))

    def phase(attention_us: float) -> dict[str, Any]:
        total = 2 * attention_us + 120.0
        stats = module("LlamaForCausalLM", total, layer(attention_us), layer(attention_us))
        return {"metadata": {"num_running_seqs": 1}, "summary_stats": [], "model_stats": [stats]}

    context = {"engine_args": {"model": "some/model"}, "torch_version": "2"}
    return json.dumps({"context": context, "prefill": phase(90.0), "decode_1": phase(40.0)})


def tensorrt() -> str:
    layers = [("/model/layers.0/self_attn/MatMul_1", 200.0), ("/model/layers.0/mlp/fc1 + relu", 600.0)]
    rows = [{"name": name, "timeMs": ms, "averageMs": ms / 100, "percentage": 1.0} for name, ms in layers]
    return json.dumps([{"count": 100}, *rows])


def llama_bench() -> str:
    common = {
        "build_commit": "abc1234", "build_number": 42, "model_type": "llama 1B Q4_0", "model_filename": "m.gguf",
        "model_size": 700_000_000, "n_threads": 2, "backends": "CPU", "avg_ns": 5, "samples_ts": [1.0],
    }  # fmt: skip
    tests = [
        {**common, "n_prompt": 512, "n_gen": 0, "samples_ns": [900_000_000, 910_000_000]},
        {**common, "n_prompt": 0, "n_gen": 128, "samples_ns": [2_000_000_000]},
    ]
    return json.dumps(tests)


FILES = {
    "chrome": chrome,
    "llama_bench": llama_bench,
    "onnxruntime": onnxruntime,
    "tensorrt": tensorrt,
    "vllm_layerwise": vllm_layerwise,
}
