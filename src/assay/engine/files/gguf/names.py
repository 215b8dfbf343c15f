"""Names of tensors in GGUF files, and the order in which they keep the rows of queries and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from assay.engine.architecture import Architecture
from assay.engine.tensors import Tensor
from assay.errors import ModelError

GLOBAL = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_qkv": "self_attn.qkv_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "ffn_gate_inp": "mlp.router",
}
EXPERTS = {"ffn_gate_exps": "gate_proj", "ffn_up_exps": "up_proj", "ffn_down_exps": "down_proj"}
IN_LAYER = re.compile(r"blk\.(\d{1,5})\.([a-z_]+)\.(weight|bias)")


def renamed(found: Mapping[str, Tensor], it: Architecture, where: str) -> Iterator[tuple[str, Tensor]]:
    """Each tensor under Hugging Face's name, experts one by one, rows of queries and keys in halves."""
    for name, tensor in found.items():
        match = IN_LAYER.fullmatch(name)
        if match is None or match[2] not in LAYER | EXPERTS:
            if name not in GLOBAL:
                what = f"tensor {name[:80]!r} has no place in a {it.family}"
                raise ModelError(what, where=where, remedy="the engine does not run this kind of model")
            yield GLOBAL[name], tensor
        elif match[2] in EXPERTS:
            yield from _experts(f"model.layers.{match[1]}.mlp.experts.", EXPERTS[match[2]], tensor)
        else:
            yield f"model.layers.{match[1]}.{_name(match[2], it)}.{match[3]}", _in_halves(match[2], tensor, it)


def pairs_to_halves(heads: int, head_dim: int) -> NDArray[np.int64]:
    """Where each row of halves (i, i + head_dim/2) lies among rows of pairs (2i, 2i + 1), head by head.

    llama.cpp turns neighbouring rows of its ``llama``; everything here turns halves.
    """
    rows = np.arange(heads * head_dim).reshape(heads, head_dim // 2, 2)
    return rows.swapaxes(1, 2).reshape(-1)


def _in_halves(name: str, tensor: Tensor, it: Architecture) -> Tensor:
    heads = {"attn_q": it.heads, "attn_k": it.kv_heads}.get(name)
    rows = tensor.rows if len(tensor.shape) > 1 else tensor.columns
    if it.family != "llama" or heads is None or rows != heads * it.head_dim or it.head_dim % 2:
        return tensor
    return tensor.reordered(pairs_to_halves(heads, it.head_dim))


def _name(name: str, it: Architecture) -> str:
    """Phi-3's gate and up are one matrix, which is called up."""
    return "mlp.gate_up_proj" if (it.family, name) == ("phi3", "ffn_up") else LAYER[name]


def _experts(prefix: str, part: str, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    if len(tensor.shape) != 3 or tensor.shape[0] > 1_000_000:
        yield f"{prefix}{part}.weight", tensor
        return
    rows = tensor.shape[1]
    for expert in range(tensor.shape[0]):
        yield f"{prefix}{expert}.{part}.weight", tensor.part(expert * rows, (expert + 1) * rows)
