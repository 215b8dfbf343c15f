"""Random models of the Llama kind: the same weights for the engine, and as a GGUF file for llama.cpp."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from assay.engine.architecture import Architecture, Rope
from assay.engine.files.inventory import expected
from assay.engine.quantise import encode
from assay.engine.tensors import Tensor

CONTEXT = 2048
SIZES = {
    "15m": (32_000, 288, 6, 6, 6, 768),
    "125m": (32_000, 768, 12, 12, 12, 2048),
    "1b": (128_256, 2048, 16, 32, 8, 8192),
}
"""Vocabulary, hidden, layers, heads, heads of keys and values, width of the feed-forward part."""

_GGUF_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def architecture_of(size: str) -> Architecture:
    """A decoder of that size."""
    vocabulary, hidden, layers, heads, kv_heads, ffn = SIZES[size]
    return Architecture(
        family="llama",
        vocabulary=vocabulary,
        hidden=hidden,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=hidden // heads,
        ffn=ffn,
        context=CONTEXT,
        norm_epsilon=1e-5,
        attention_scale=(hidden // heads) ** -0.5,
        rotary=hidden // heads,
        rope=Rope(original_context=CONTEXT),
        windows=(0,) * layers,
    )


def weights_of(architecture: Architecture, kind: str) -> dict[str, Tensor]:
    """Random weights, matrices in that format."""
    random = np.random.default_rng(0)
    weights = {}
    for name, shape in expected(architecture):
        numbers = 0.03 * random.standard_normal(shape, dtype=np.float32) + float("norm" in name)
        form = kind if len(shape) == 2 else "f32"
        weights[name] = Tensor(kind=form, shape=shape, data=encode(form, numbers))
    return weights


def write_gguf(path: Path, architecture: Architecture, weights: dict[str, Tensor]) -> None:
    """The same model as llama.cpp reads it, without a tokenizer."""
    gguf: Any = importlib.import_module("gguf")
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(architecture.context)
    writer.add_embedding_length(architecture.hidden)
    writer.add_block_count(architecture.layers)
    writer.add_feed_forward_length(architecture.ffn)
    writer.add_head_count(architecture.heads)
    writer.add_head_count_kv(architecture.kv_heads)
    writer.add_rope_dimension_count(architecture.rotary)
    writer.add_layer_norm_rms_eps(architecture.norm_epsilon)
    writer.add_vocab_size(architecture.vocabulary)
    writer.add_tokenizer_model("no_vocab")
    for name, tensor in _renamed(weights):
        form = gguf.GGMLQuantizationType[tensor.kind.upper()]
        is_matrix = len(tensor.shape) == 2
        data = tensor.data.reshape(tensor.rows, -1) if is_matrix else tensor.float32()
        writer.add_tensor(name, data, raw_dtype=form if is_matrix else None)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _renamed(weights: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in weights.items():
        stem, block = name.removesuffix(".weight"), ""
        if stem.startswith("model.layers."):
            _, _, layer, stem = stem.split(".", 3)
            block = f"blk.{layer}."
        yield f"{block}{_GGUF_NAMES[stem]}.weight", tensor
