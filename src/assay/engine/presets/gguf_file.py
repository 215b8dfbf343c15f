"""A decoder as one GGUF file: metadata, tokenizer, and matrices in a format of blocks; norms and biases stay fp32."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.architecture import Architecture
from assay.engine.files.gguf.names import GLOBAL, LAYER, pairs_to_halves
from assay.engine.files.gguf.writing import write_gguf
from assay.engine.files.inventory import expected
from assay.engine.presets.vocabulary import CHAT, SPECIAL, merges_and_vocabulary
from assay.engine.quantise import encode

Float32 = NDArray[np.float32]
Pieces = Callable[[str, tuple[int, ...]], Iterable[Float32]]
"""A weight's numbers in whole rows, by its name and shape."""

NAMES = {"llama": "llama", "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}
"""What families are called in GGUF files."""
NORMAL, CONTROL = 1, 3
"""Types of tokens."""


def write_decoder_gguf(path: Path, it: Architecture, kind: str, pieces: Pieces, *, vocabulary: int = 0) -> None:
    """The decoder with its matrices in ``kind``; with the presets' tokenizer where ``vocabulary`` is not 0."""
    shapes = list(expected(it))
    entries = [(_name(name), _kind(kind, shape), shape) for name, shape in shapes]
    tokenizer = _tokenizer(vocabulary, begin=not it.family.startswith("qwen")) if vocabulary else {}
    data = (raw for name, shape in shapes for raw in _data(it, kind, name, shape, pieces))
    write_gguf(path, _metadata(it) | tokenizer, entries, data)


def _data(it: Architecture, kind: str, name: str, shape: tuple[int, ...], pieces: Pieces) -> Iterator[bytes]:
    heads = next((count for end, count in (("q_proj", it.heads), ("k_proj", it.kv_heads)) if end in name), 0)
    parts = pieces(name, shape)
    if heads and NAMES[it.family] == "llama":
        # Numbers of pairs stand beside one another, so rows move, and all of them are needed at once.
        order = np.argsort(pairs_to_halves(heads, it.head_dim))
        parts = [np.concatenate([part.reshape(len(part), -1) for part in parts])[order]]
    for part in parts:
        yield encode(_kind(kind, shape), part.reshape(-1)).tobytes()


def _kind(kind: str, shape: tuple[int, ...]) -> str:
    return kind if len(shape) > 1 else "f32"


def _name(name: str) -> str:
    backward = {new: old for old, new in GLOBAL.items()}
    if name in backward:
        return backward[name]
    number, _, rest = name.removeprefix("model.layers.").partition(".")
    stem, _, end = rest.rpartition(".")
    old = next(old for old, new in LAYER.items() if new == stem)
    return f"blk.{number}.{old}.{end}"


def _metadata(it: Architecture) -> dict[str, Any]:
    name = NAMES[it.family]
    own = {
        "context_length": it.context,
        "embedding_length": it.hidden,
        "block_count": it.layers,
        "feed_forward_length": it.ffn,
        "attention.head_count": it.heads,
        "attention.head_count_kv": it.kv_heads,
        "attention.key_length": it.head_dim,
        "attention.value_length": it.head_dim,
        "attention.layer_norm_rms_epsilon": it.norm_epsilon,
        "rope.dimension_count": it.rotary,
        "rope.freq_base": it.rope.theta,
        "vocab_size": it.vocabulary,
    }
    if it.windows[0]:
        own["attention.sliding_window"] = it.windows[0]
    general = {"general.architecture": name, "general.name": f"{it.family} of random weights"}
    return general | {f"{name}.{key}": value for key, value in own.items()}


def _tokenizer(size: int, *, begin: bool) -> dict[str, Any]:
    merges, vocabulary = merges_and_vocabulary(size)
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "gpt-2",
        "tokenizer.ggml.tokens": list(vocabulary),
        "tokenizer.ggml.token_type": [CONTROL if token in SPECIAL else NORMAL for token in vocabulary],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in merges],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.add_bos_token": begin,
        "tokenizer.chat_template": CHAT,
    }
