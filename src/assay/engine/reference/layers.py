"""The parts of a layer in fp64: norm, rotary positions, attention over a cache, feed-forward parts, experts."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit

from assay.engine.architecture import Architecture
from assay.engine.rope import rope_angles, rope_frequencies

Float64 = NDArray[np.float64]
Get = Callable[[str], Float64]
"""A weight of the layer by the end of its name."""


def rms_norm(numbers: Float64, weight: Float64, epsilon: float) -> Float64:
    """Each row divided by its root mean square, then scaled by column."""
    normal: Float64 = numbers / np.sqrt(np.mean(numbers * numbers, axis=-1, keepdims=True) + epsilon) * weight
    return normal


def linear(numbers: Float64, get: Get, name: str, *, bias: bool) -> Float64:
    """Rows times the transposed weight, plus the bias where there is one."""
    product: Float64 = numbers @ get(f"{name}.weight").T
    if bias:
        product += get(f"{name}.bias")
    return product


def rotate(heads: Float64, it: Architecture, start: int) -> Float64:
    """Heads (tokens, heads, head_dim) turned by their positions, which begin at ``start``."""
    tokens = len(heads)
    angles = rope_angles(it, np.arange(start, start + tokens), start + tokens).astype(np.float64)[:, None, :]
    factor = rope_frequencies(it, start + tokens)[1]
    cosine, sine = np.cos(angles) * factor, np.sin(angles) * factor
    half = it.rotary // 2
    first, second = heads[..., :half], heads[..., half : it.rotary]
    turned = [first * cosine - second * sine, second * cosine + first * sine, heads[..., it.rotary :]]
    return np.concatenate(turned, axis=-1)


def project(hidden: Float64, it: Architecture, get: Get, start: int) -> tuple[Float64, Float64, Float64]:
    """Queries, keys and values by head (tokens, heads, head_dim), the first two turned."""
    sizes = {"q": it.heads, "k": it.kv_heads, "v": it.kv_heads}
    queries, keys, values = (
        linear(hidden, get, f"self_attn.{name}_proj", bias=it.attention_bias).reshape(len(hidden), heads, it.head_dim)
        for name, heads in sizes.items()
    )
    if it.qk_norm:
        queries = rms_norm(queries, get("self_attn.q_norm.weight"), it.norm_epsilon)
        keys = rms_norm(keys, get("self_attn.k_norm.weight"), it.norm_epsilon)
    return rotate(queries, it, start), rotate(keys, it, start), values


def attend(queries: Float64, keys: Float64, values: Float64, it: Architecture, window: int) -> Float64:
    """What each of the last tokens takes from those that it sees: rows of heads × head_dim."""
    tokens, total = len(queries), len(keys)
    group = it.heads // it.kv_heads
    shared = queries.reshape(tokens, it.kv_heads, group, it.head_dim)
    scores = np.einsum("tkgd,skd->kgts", shared, keys) * it.attention_scale
    ahead = np.arange(total)[None, :] - np.arange(total - tokens, total)[:, None]
    hidden = (ahead > 0) | ((ahead <= -window) if window else False)
    scores[..., hidden] = -np.inf
    weights = softmax(scores)
    taken: Float64 = np.einsum("kgts,skd->tkgd", weights, values).reshape(tokens, -1)
    return taken


def softmax(scores: Float64) -> Float64:
    """Along the last axis, from its greatest number down."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Float64 = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def feed_forward(hidden: Float64, it: Architecture, get: Get, prefix: str = "mlp.") -> Float64:
    """down(activation(gate) · up)."""
    gate = linear(hidden, get, f"{prefix}gate_proj", bias=it.mlp_bias)
    up = linear(hidden, get, f"{prefix}up_proj", bias=it.mlp_bias)
    return linear(ACTIVATIONS[it.activation](gate) * up, get, f"{prefix}down_proj", bias=it.mlp_bias)


def experts(hidden: Float64, it: Architecture, get: Get) -> Float64:
    """The sum over the experts of each token, weighted by the router's probability."""
    routed = softmax(hidden @ get("mlp.router.weight").T)
    chosen = np.argsort(-routed, axis=-1, kind="stable")[:, : it.experts_used]
    shares = np.take_along_axis(routed, chosen, axis=-1)
    shares = shares / shares.sum(axis=-1, keepdims=True) if it.normalise_routing else shares
    total = np.zeros_like(hidden)
    for expert in np.unique(chosen):
        rows, place = np.nonzero(chosen == expert)
        part = feed_forward(hidden[rows], it, get, f"mlp.experts.{expert}.")
        total[rows] += part * shares[rows, place, None]
    return total


def _silu(numbers: Float64) -> Float64:
    smooth: Float64 = numbers * expit(numbers)
    return smooth


def _gelu(numbers: Float64) -> Float64:
    smooth: Float64 = 0.5 * numbers * (1.0 + erf(numbers / math.sqrt(2.0)))
    return smooth


def _gelu_tanh(numbers: Float64) -> Float64:
    inner = math.sqrt(2.0 / math.pi) * (numbers + 0.044715 * numbers**3)
    smooth: Float64 = 0.5 * numbers * (1.0 + np.tanh(inner))
    return smooth


ACTIVATIONS: dict[str, Callable[[Float64], Float64]] = {"silu": _silu, "gelu": _gelu, "gelu_tanh": _gelu_tanh}
"""Each activation that an architecture may have."""
