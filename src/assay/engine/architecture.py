"""What a decoder is made of: every size and switch that its forward pass depends on, whatever file it came from."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from assay.record.base import Count, Name, Record

Size = Annotated[int, Meta(ge=1, le=2**31 - 1)]
"""A number of heads, columns, layers or tokens: at least one."""
Index = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Positive = Annotated[float, Meta(gt=0.0)]

Activation = Literal["silu", "gelu", "gelu_tanh"]
"""What the gate goes through: x·σ(x), x·Φ(x), or Φ by its tanh approximation."""
RopeKind = Literal["default", "linear", "dynamic", "llama3", "yarn", "longrope"]


class Rope(Record, kw_only=True):
    """How the frequencies of rotary positions are stretched for longer contexts; ``rope.py`` computes them."""

    kind: RopeKind = "default"
    """Which formula."""
    theta: Positive = 10_000.0
    """The base: frequency i is theta^(-2i/rotary)."""
    factor: Positive = 1.0
    """How much longer the context is than what the model was first trained on."""
    original_context: Size
    """Tokens of context that the model was first trained on (``dynamic``: those it may hold without stretching)."""
    attention_factor: Positive = 1.0
    """Multiplies the sine and cosine (``yarn``, ``longrope``)."""
    low_frequency_factor: Positive = 1.0
    """``llama3``: waves longer than original_context divided by this are stretched in full."""
    high_frequency_factor: Positive = 4.0
    """``llama3``: waves shorter than original_context divided by this stay as they are."""
    beta_fast: Positive = 32.0
    """``yarn``: frequencies with more turns than this within the original context stay as they are."""
    beta_slow: Positive = 1.0
    """``yarn``: frequencies with fewer turns than this within the original context are stretched in full."""
    truncate: bool = True
    """``yarn``: whether the two ends of the ramp are rounded to whole frequencies."""
    short_factors: tuple[Positive, ...] = ()
    """``longrope``: what each frequency is divided by while the sequence fits the original context."""
    long_factors: tuple[Positive, ...] = ()
    """``longrope``: what each frequency is divided by beyond it."""


class Architecture(Record, kw_only=True):
    """A decoder: embedding, layers of attention and feed-forward with an RMS norm before each, last norm, head."""

    family: Name
    """The kind of model as its file calls it, for example ``llama`` or ``qwen3_moe``."""
    vocabulary: Size
    """Rows of the embedding, and logits of a step."""
    hidden: Size
    """Numbers that a token is between layers."""
    layers: Size
    """Layers, each with attention and a feed-forward part."""
    heads: Size
    """Heads of queries."""
    kv_heads: Size
    """Heads of keys and values; query head h reads head h // (heads / kv_heads)."""
    head_dim: Size
    """Numbers of one head; heads times this need not be hidden."""
    ffn: Size
    """Width of gate and up in a plain feed-forward part."""
    context: Size
    """Tokens that the model was made for."""
    norm_epsilon: Positive
    """Added to the mean square in every norm."""
    activation: Activation = "silu"
    """What the gate goes through before it multiplies."""
    attention_scale: Positive
    """Multiplies queries times keys before the softmax; head_dim ** -0.5 as a rule."""
    rotary: Size
    """How many numbers of each head turn, the first ones; even. Number i is paired with number i + rotary/2."""
    rope: Rope
    """The frequencies at which they turn."""
    windows: tuple[Index, ...]
    """For each layer how many tokens a token sees, itself included; 0: all before it."""
    attention_bias: bool = False
    """Whether queries, keys and values have a bias."""
    output_bias: bool = False
    """Whether the projection after attention has a bias."""
    mlp_bias: bool = False
    """Whether gate, up and down have a bias."""
    qk_norm: bool = False
    """Whether each head of queries and keys goes through an RMS norm before it turns."""
    tied_embeddings: bool = False
    """Whether the head's weights are the embedding's."""
    experts: Index = 0
    """Experts of a layer that has some; 0: every layer has one plain feed-forward part."""
    experts_used: Index = 0
    """Experts that a token goes through: those with the highest router probability."""
    expert_ffn: Index = 0
    """Width of gate and up in one expert."""
    normalise_routing: bool = True
    """Whether the probabilities of the experts used are divided by their sum."""
    dense_layers: tuple[Index, ...] = ()
    """Layers with one plain feed-forward part in a model that has experts."""
    begin_token: Index | None = None
    """The token that a text begins with."""
    end_tokens: tuple[Index, ...] = ()
    """Tokens after which nothing more is generated."""

    def __post_init__(self) -> None:
        for wrong, text in _contradictions(self):
            if wrong:
                raise ValueError(text)

    @property
    def kv_bytes_a_token(self) -> Count:
        """Bytes of keys and values that one token of context takes in fp32, over all layers."""
        return 8 * self.layers * self.kv_heads * self.head_dim

    def has_experts(self, layer: int) -> bool:
        """Whether the layer's feed-forward part is made of experts."""
        return self.experts > 0 and layer not in self.dense_layers


def _contradictions(it: Architecture) -> tuple[tuple[bool, str], ...]:
    """What sizes must be to one another, each with the sentence for where they are not."""
    factors = {len(it.rope.short_factors), len(it.rope.long_factors)}
    pairs = it.rotary // 2
    return (
        (it.heads % it.kv_heads != 0, "heads of keys and values must divide heads of queries"),
        (it.rotary % 2 != 0, "the part of a head that turns must have an even size"),
        (it.rotary > it.head_dim, "more of a head turns than it has"),
        (len(it.windows) != it.layers, "there must be one window a layer"),
        (it.rope.kind == "longrope" and factors != {pairs}, f"longrope needs {pairs} short and {pairs} long factors"),
        (it.experts_used > it.experts, "a token can't use more experts than there are"),
        (it.experts > 0 and (it.experts_used == 0 or it.expert_ffn == 0), "experts need a width and a number in use"),
        (any(layer >= it.layers for layer in it.dense_layers), "a dense layer is not among the layers"),
    )
