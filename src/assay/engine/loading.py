"""A model's weights in the native decoder."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from assay.engine.architecture import Architecture
from assay.engine.blocks import FORMATS
from assay.engine.quantise import encode
from assay.engine.tensors import Tensor
from assay.errors import ModelError

Weights = Mapping[str, Tensor]

_GATES = ("silu", "gelu", "gelu_tanh", "relu")
_PROJECTIONS = ("q", "k", "v", "o")
_NETWORK = ("gate", "up", "down")
_WHOLE = -1
"""In place of a layer or an expert."""


def open_native(native: Any, architecture: Architecture, threads: int, *, rounds: bool = False) -> int:
    """A native decoder without weights, by its handle; ``rounds`` activations to bf16 where weights are."""
    it = architecture
    sizes = (
        it.hidden,
        it.heads,
        it.kv_heads,
        it.head_dim,
        it.ffn,
        it.vocabulary,
        it.rotary,
        _GATES.index(it.activation),
        1,  # gated
        0,  # pairs that turn are halves
        it.experts,
        it.expert_ffn,
        it.experts_used,
        int(it.normalise_routing),
        threads,
        int(rounds),
    )
    handle: int = native.decoder_open(
        array("l", sizes), array("l", it.windows), float(it.norm_epsilon), float(it.attention_scale)
    )
    return handle


def load(native: Any, handle: int, architecture: Architecture, weights: Weights, precision: str = "auto") -> None:
    """Pack every weight, in the format that the precision names; raises where one is missing."""
    embedding = _wanted(weights, "model.embed_tokens.weight")
    native.decoder_embedding(handle, embedding.kind, embedding.rows, embedding.columns, embedding.data)
    head = embedding if architecture.tied_embeddings else _wanted(weights, "lm_head.weight")
    _matrix(native, handle, (_WHOLE, _WHOLE, "lm_head"), _as_wanted(head, precision))
    _vector(native, handle, (_WHOLE, "norm"), _wanted(weights, "model.norm.weight"))
    for layer in range(architecture.layers):
        for expert, name, source in _matrices(architecture, layer):
            _matrix(native, handle, (layer, expert, name), _as_wanted(_wanted(weights, source), precision))
        for name, source in _vectors(architecture, layer):
            _vector(native, handle, (layer, name), _wanted(weights, source))


def _wanted(weights: Weights, name: str) -> Tensor:
    found = weights.get(name)
    if found is None:
        raise ModelError(f"the model has no weight {name}", remedy="fetch the model's files again")
    return found


def _as_wanted(tensor: Tensor, precision: str) -> Tensor:
    """The matrix in the format that is wanted; rows that are no whole blocks of it stay as they are."""
    if precision in {"auto", tensor.kind} or tensor.columns % FORMATS[precision].numbers:
        return tensor
    return Tensor(kind=precision, shape=tensor.shape, data=encode(precision, tensor.float32()))


def _matrices(architecture: Architecture, layer: int) -> Iterator[tuple[int, str, str]]:
    """Expert, native name and name in the file of each matrix of a layer."""
    prefix = f"model.layers.{layer}."
    for name in _PROJECTIONS:
        yield _WHOLE, name, f"{prefix}self_attn.{name}_proj.weight"
    if architecture.has_experts(layer):
        yield _WHOLE, "router", f"{prefix}mlp.router.weight"
        for expert in range(architecture.experts):
            for name in _NETWORK:
                yield expert, name, f"{prefix}mlp.experts.{expert}.{name}_proj.weight"
    else:
        for name in _NETWORK:
            yield 0, name, f"{prefix}mlp.{name}_proj.weight"


def _vectors(architecture: Architecture, layer: int) -> Iterator[tuple[str, str]]:
    """Native name and name in the file of each norm and bias of a layer."""
    prefix = f"model.layers.{layer}."
    yield "attention_norm", f"{prefix}input_layernorm.weight"
    yield "ffn_norm", f"{prefix}post_attention_layernorm.weight"
    if architecture.qk_norm:
        yield "q_norm", f"{prefix}self_attn.q_norm.weight"
        yield "k_norm", f"{prefix}self_attn.k_norm.weight"
    if architecture.attention_bias:
        yield from ((f"{name}_bias", f"{prefix}self_attn.{name}_proj.bias") for name in "qkv")
    if architecture.output_bias:
        yield "o_bias", f"{prefix}self_attn.o_proj.bias"
    if architecture.mlp_bias:
        yield from ((f"{name}_bias", f"{prefix}mlp.{name}_proj.bias") for name in _NETWORK)


def _matrix(native: Any, handle: int, place: tuple[int, int, str], tensor: Tensor) -> None:
    native.decoder_matrix(handle, *place, tensor.kind, tensor.rows, tensor.columns, tensor.data)


def _vector(native: Any, handle: int, place: tuple[int, str], tensor: Tensor) -> None:
    native.decoder_vector(handle, *place, np.ascontiguousarray(tensor.float32(), dtype=np.float32))
