"""Small random decoders, one for each architecture and option, written as their own tools would write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.architecture import Architecture
from assay.engine.files.configuration.read import read_configuration
from assay.engine.files.inventory import expected
from assay.engine.files.writing import raw_tensor, write_tensors
from assay.engine.tensors import Tensor

BASE: dict[str, Any] = {
    "hidden_size": 48,
    "intermediate_size": 56,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 96,
    "max_position_embeddings": 40,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
    "rope_theta": 5000.0,
}
YARN = {"rope_type": "yarn", "factor": 2.5, "original_max_position_embeddings": 16, "rope_theta": 10000.0}
LONG = {
    "rope_type": "longrope",
    "rope_theta": 10000.0,
    "factor": 2.0,
    "short_factor": [1.0, 1.1, 1.2, 1.3, 1.4, 1.5],
    "long_factor": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
}
LAYER_TYPES = ["sliding_attention", "full_attention", "sliding_attention"]
EXPERTS = {"num_experts": 6, "num_experts_per_tok": 3, "moe_intermediate_size": 24, "head_dim": 16}

CASES: dict[str, dict[str, Any]] = {
    "llama": {"model_type": "llama"},
    "llama, every head its own keys": {"model_type": "llama", "num_key_value_heads": 4},
    "llama, one head of keys, tanh gelu, llama3 rope": {
        "model_type": "llama",
        "num_key_value_heads": 1,
        "hidden_act": "gelu_pytorch_tanh",
        "rope_parameters": LLAMA3,
    },
    "llama, wide heads, biases, gelu, tied": {
        "model_type": "llama",
        "head_dim": 20,
        "attention_bias": True,
        "mlp_bias": True,
        "hidden_act": "gelu",
        "tie_word_embeddings": True,
        "rms_norm_eps": 1e-3,
    },
    "llama, linear rope": {
        "model_type": "llama",
        "rope_theta": 500.0,
        "rope_scaling": {"type": "linear", "factor": 3.0},
    },
    "llama, dynamic rope": {"model_type": "llama", "rope_scaling": {"rope_type": "dynamic", "factor": 3.0}},
    "llama, yarn": {"model_type": "llama", "rope_parameters": YARN},
    "llama, yarn with two scales": {
        "model_type": "llama",
        "rope_parameters": YARN | {"mscale": 0.7, "mscale_all_dim": 0.5, "truncate": False, "beta_fast": 16.0},
    },
    "mistral, windows": {"model_type": "mistral", "sliding_window": 16, "head_dim": 16},
    "mistral": {"model_type": "mistral", "sliding_window": None},
    "qwen2, windows from layer 1": {
        "model_type": "qwen2",
        "use_sliding_window": True,
        "sliding_window": 8,
        "max_window_layers": 1,
    },
    "qwen2, windows by layer": {
        "model_type": "qwen2",
        "use_sliding_window": True,
        "sliding_window": 8,
        "layer_types": LAYER_TYPES,
    },
    "qwen3": {"model_type": "qwen3", "head_dim": 24, "attention_bias": True},
    "qwen3, tied": {"model_type": "qwen3", "head_dim": 16, "tie_word_embeddings": True, "rope_theta": 1e6},
    "phi3, windows": {"model_type": "phi3", "sliding_window": 12},
    "phi3, half of each head turns": {"model_type": "phi3", "partial_rotary_factor": 0.5},
    "phi3, longrope": {
        "model_type": "phi3",
        "max_position_embeddings": 64,
        "original_max_position_embeddings": 32,
        "rope_parameters": LONG,
    },
    "mixtral": {"model_type": "mixtral", "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": 20},
    "qwen3_moe, one plain layer": {
        "model_type": "qwen3_moe",
        **EXPERTS,
        "norm_topk_prob": True,
        "mlp_only_layers": [1],
    },
    "qwen3_moe, every other layer": {
        "model_type": "qwen3_moe",
        **EXPERTS,
        "norm_topk_prob": False,
        "decoder_sparse_step": 2,
        "use_sliding_window": True,
        "sliding_window": 10,
    },
}
"""Each decoder by what is special about it: the keys of its config.json beside those of ``BASE``."""


def write_decoder(folder: Path, case: str, kind: str = "f32", seed: int = 0) -> Architecture:
    """A folder with config.json and model.safetensors, as the family's own tools would write them."""
    config = BASE | CASES[case]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    architecture = read_configuration(folder / "config.json")
    write_tensors(folder / "model.safetensors", dict(_as_saved(architecture, kind, seed)))
    return architecture


def random_weights(architecture: Architecture, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Numbers for each weight: norms near 1, the rest large enough that layers matter."""
    random = np.random.default_rng(seed)
    return {name: _numbers(random, name, shape) for name, shape in expected(architecture)}


def _numbers(random: np.random.Generator, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    around = 1.0 if "norm" in name else 0.0
    spread = 0.1 if "norm" in name else 0.2
    return (around + spread * random.standard_normal(shape)).astype(np.float32)


def _as_saved(it: Architecture, kind: str, seed: int) -> Iterator[tuple[str, Tensor]]:
    numbers = random_weights(it, seed)
    for name, values in numbers.items():
        for saved, parts in _saved(it, name, numbers, values):
            yield saved, raw_tensor(kind, parts)


Numbers = NDArray[np.float32]


def _saved(it: Architecture, name: str, numbers: dict[str, Numbers], values: Numbers) -> Iterator[tuple[str, Numbers]]:
    """The name in the family's own files, and its numbers; what is fused there comes with its first part."""
    if it.family == "phi3" and name.endswith(("q_proj.weight", "gate_proj.weight")):
        parts = ["q_proj", "k_proj", "v_proj"] if "q_proj" in name else ["gate_proj", "up_proj"]
        fused = "qkv_proj" if "q_proj" in name else "gate_up_proj"
        rows = [numbers[name.replace(parts[0], part)] for part in parts]
        yield name.replace(parts[0], fused), np.concatenate(rows)
    elif it.family == "phi3" and name.endswith(("k_proj.weight", "v_proj.weight", "up_proj.weight")):
        return
    elif it.family == "mixtral" and ".mlp." in name:
        pairs = {"mlp.router": "block_sparse_moe.gate", "mlp.": "block_sparse_moe."}
        pairs |= {"gate_proj": "w1", "down_proj": "w2", "up_proj": "w3"}
        for old, new in pairs.items():
            name = name.replace(old, new)
        yield name, values
    else:
        yield name.replace("mlp.router", "mlp.gate"), values
