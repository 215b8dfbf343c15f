"""Which weights a decoder has, under which names and of which shapes; and whether a file's are those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assay.engine.architecture import Architecture
from assay.engine.tensors import Tensor
from assay.errors import ModelError

Shape = tuple[int, ...]


def expected(architecture: Architecture) -> Iterator[tuple[str, Shape]]:
    """Every weight's name and shape: outputs, inputs."""
    yield "model.embed_tokens.weight", (architecture.vocabulary, architecture.hidden)
    for layer in range(architecture.layers):
        for name, shape in _layer(architecture, layer):
            yield f"model.layers.{layer}.{name}", shape
    yield "model.norm.weight", (architecture.hidden,)
    if not architecture.tied_embeddings:
        yield "lm_head.weight", (architecture.vocabulary, architecture.hidden)


def checked(architecture: Architecture, found: Mapping[str, Tensor], where: str) -> dict[str, Tensor]:
    """The weights that the decoder needs, no more and no less; an error names the first that is off."""
    weights: dict[str, Tensor] = {}
    for name, shape in expected(architecture):
        tensor = found.get(name)
        if tensor is None:
            raise ModelError(
                f"has no tensor {name!r}", where=where, remedy="is the model whole, and its config its own?"
            )
        if tensor.shape != shape:
            what = f"tensor {name!r} has shape {tensor.shape}, and the configuration asks for {shape}"
            raise ModelError(what, where=where, remedy="use the configuration that came with the weights")
        weights[name] = tensor
    surplus = sorted(found.keys() - weights.keys() - ({"lm_head.weight"} if architecture.tied_embeddings else set()))
    if surplus:
        what = f"tensor {surplus[0]!r} has no place in a {architecture.family} of this configuration"
        raise ModelError(what, where=where, remedy="use the configuration that came with the weights")
    return weights


def _layer(architecture: Architecture, layer: int) -> Iterator[tuple[str, Shape]]:
    yield "input_layernorm.weight", (architecture.hidden,)
    yield from _attention(architecture)
    yield "post_attention_layernorm.weight", (architecture.hidden,)
    if not architecture.has_experts(layer):
        yield from _feed_forward(architecture, "mlp.", architecture.ffn)
        return
    yield "mlp.router.weight", (architecture.experts, architecture.hidden)
    for expert in range(architecture.experts):
        yield from _feed_forward(architecture, f"mlp.experts.{expert}.", architecture.expert_ffn)


def _attention(architecture: Architecture) -> Iterator[tuple[str, Shape]]:
    queries, keys = architecture.heads * architecture.head_dim, architecture.kv_heads * architecture.head_dim
    for name, outputs in (("q", queries), ("k", keys), ("v", keys)):
        yield f"self_attn.{name}_proj.weight", (outputs, architecture.hidden)
        if architecture.attention_bias:
            yield f"self_attn.{name}_proj.bias", (outputs,)
    yield "self_attn.o_proj.weight", (architecture.hidden, queries)
    if architecture.output_bias:
        yield "self_attn.o_proj.bias", (architecture.hidden,)
    if architecture.qk_norm:
        yield "self_attn.q_norm.weight", (architecture.head_dim,)
        yield "self_attn.k_norm.weight", (architecture.head_dim,)


def _feed_forward(architecture: Architecture, prefix: str, width: int) -> Iterator[tuple[str, Shape]]:
    for name, shape in (
        ("gate_proj", (width, architecture.hidden)),
        ("up_proj", (width, architecture.hidden)),
        ("down_proj", (architecture.hidden, width)),
    ):
        yield f"{prefix}{name}.weight", shape
        if architecture.mlp_bias:
            yield f"{prefix}{name}.bias", shape[:1]
