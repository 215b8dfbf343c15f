"""The whole decoder in fp64, token by token or many at once, with a cache of keys and values for each sequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assay.engine.architecture import Architecture
from assay.engine.reference.layers import Float64, attend, experts, feed_forward, linear, project, rms_norm
from assay.engine.tensors import Tensor


@dataclass(kw_only=True)
class Sequence:
    """A text so far: the keys and values of its tokens, by layer."""

    keys: list[Float64] = field(default_factory=list)
    """(tokens, kv_heads, head_dim) a layer."""
    values: list[Float64] = field(default_factory=list)
    """(tokens, kv_heads, head_dim) a layer."""

    @property
    def length(self) -> int:
        """Tokens that it holds."""
        return len(self.keys[0]) if self.keys else 0

    def fork(self, length: int | None = None) -> Sequence:
        """Another that begins with the same tokens, or the first ``length``; arrays are never written, so it shares."""
        return Sequence(keys=[part[:length] for part in self.keys], values=[part[:length] for part in self.values])

    def close(self) -> None:
        """Lets go of the cache."""
        self.keys, self.values = [], []


class Reference:
    """A decoder that computes in fp64 what the architecture says, from weights in any format."""

    def __init__(self, architecture: Architecture, weights: Mapping[str, Tensor]) -> None:
        self.architecture = architecture
        self._weights = weights
        self._numbers: dict[str, Float64] = {}

    def sequence(self) -> Sequence:
        """An empty one."""
        return Sequence()

    def prefill(self, sequence: Sequence, tokens: list[int], *, every: bool = False) -> NDArray[np.float64]:
        """Logits after the last of the tokens, or one row after each; the sequence grows by them."""
        it = self.architecture
        hidden = self._weight("model.embed_tokens.weight")[np.asarray(tokens, dtype=np.int64)]
        start = sequence.length
        for layer in range(it.layers):
            hidden = self._layer(hidden, layer, sequence, start)
        last = hidden if every else hidden[-1:]
        normal = rms_norm(last, self._weight("model.norm.weight"), it.norm_epsilon)
        head = "model.embed_tokens" if it.tied_embeddings else "lm_head"
        logits = linear(normal, self._weight, head, bias=False)
        return logits if every else logits[0]

    def decode(self, sequences: list[Sequence], tokens: list[int]) -> NDArray[np.float64]:
        """One more token in each sequence; one row of logits each."""
        steps = zip(sequences, tokens, strict=True)
        return np.stack([self.prefill(sequence, [token]) for sequence, token in steps])

    def _layer(self, hidden: Float64, layer: int, sequence: Sequence, start: int) -> Float64:
        it, get = self.architecture, partial(self._of_layer, layer)
        normal = rms_norm(hidden, get("input_layernorm.weight"), it.norm_epsilon)
        queries, keys, values = project(normal, it, get, start)
        keys, values = self._extend(sequence, layer, keys, values)
        context = attend(queries, keys, values, it, it.windows[layer])
        hidden = hidden + linear(context, get, "self_attn.o_proj", bias=it.output_bias)
        normal = rms_norm(hidden, get("post_attention_layernorm.weight"), it.norm_epsilon)
        return hidden + (experts if it.has_experts(layer) else feed_forward)(normal, it, get)

    @staticmethod
    def _extend(sequence: Sequence, layer: int, keys: Float64, values: Float64) -> tuple[Float64, Float64]:
        """The layer's keys and values with the new ones behind the old."""
        if layer == len(sequence.keys):
            sequence.keys.append(keys)
            sequence.values.append(values)
        else:
            sequence.keys[layer] = np.concatenate([sequence.keys[layer], keys])
            sequence.values[layer] = np.concatenate([sequence.values[layer], values])
        return sequence.keys[layer], sequence.values[layer]

    def _of_layer(self, layer: int, name: str) -> Float64:
        return self._weight(f"model.layers.{layer}.{name}")

    def _weight(self, name: str) -> Float64:
        if name not in self._numbers:
            self._numbers[name] = self._weights[name].float32().astype(np.float64)
        return self._numbers[name]
