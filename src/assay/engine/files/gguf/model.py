"""From a GGUF file to an architecture and its weights under the names that everything else uses."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec

from assay.engine.architecture import Architecture
from assay.engine.files.configuration.keys import Keys
from assay.engine.files.gguf.names import renamed
from assay.engine.files.gguf.reading import Gguf, read_file
from assay.engine.files.inventory import checked
from assay.engine.files.naming import one_spelling
from assay.engine.tensors import Tensor
from assay.errors import ModelError

FAMILIES = {"llama": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "phi3": "phi3", "qwen3moe": "qwen3_moe"}
"""Architectures of GGUF files, and what they are called here."""
DEFAULTS: dict[str, Any] = {
    "attention.head_count_kv": None,
    "attention.key_length": None,
    "attention.value_length": None,
    "attention.sliding_window": 0,
    "rope.dimension_count": None,
    "rope.freq_base": 10_000.0,
    "rope.scaling.type": "none",
    "rope.scaling.factor": 1.0,
    "rope.scaling.original_context_length": None,
    "rope.scaling.attn_factor": 1.0,
    "rope.scaling.finetuned": None,
    "expert_count": 0,
    "expert_used_count": 0,
    "expert_feed_forward_length": None,
    "vocab_size": None,
}
REQUIRED = (
    "context_length",
    "embedding_length",
    "block_count",
    "feed_forward_length",
    "attention.head_count",
    "attention.layer_norm_rms_epsilon",
)
ROPE_TABLES = ("rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight")


def read_gguf(path: Path) -> tuple[Architecture, dict[str, Tensor]]:
    """The file's architecture and weights."""
    file = read_file(path)
    architecture = architecture_of(file)
    found = {name: tensor for name, tensor in file.tensors.items() if name not in ROPE_TABLES}
    weights = one_spelling(dict(renamed(found, architecture, str(path))), architecture)
    return architecture, checked(architecture, weights, str(path))


def architecture_of(file: Gguf) -> Architecture:
    """What the metadata say, every key of the architecture known and used."""
    name, where = file.metadata.get("general.architecture"), str(file.path)
    if not isinstance(name, str) or name not in FAMILIES:
        what = f"`general.architecture` is {ascii(name)[:60]}, which the engine does not run"
        raise ModelError(what, where=where, remedy=f"it runs {', '.join(FAMILIES)}")
    if file.metadata.get("split.count", 1) not in (0, 1):
        raise ModelError("is one of several parts", where=where, remedy="join them with llama.cpp's gguf-split --merge")
    prefix = f"{name}."
    found = {key.removeprefix(prefix): value for key, value in file.metadata.items() if key.startswith(prefix)}
    keys = Keys(found=found, defaults=DEFAULTS, where=where, inside=prefix)
    for key in found:
        if key not in DEFAULTS and key not in REQUIRED:
            raise keys.unknown(key)
    fields = _sizes(keys, file) | _switches(file, FAMILIES[name]) | {"rope": _rope(keys, file)} | _experts(keys)
    try:
        return msgspec.convert(fields, Architecture)
    except ValueError as error:
        raise ModelError(f"contradicts itself: {error}", where=where, remedy="convert the model again") from error


def _sizes(keys: Keys, file: Gguf) -> dict[str, Any]:
    heads, hidden, layers = (keys.integer(key) for key in ("attention.head_count", "embedding_length", "block_count"))
    if not 0 < heads <= hidden or not 0 < layers <= 10_000:
        raise keys.wrong("attention.head_count", "and block_count must be at least 1 and no more than make sense")
    head_dim = keys.integer("attention.key_length") if keys.has("attention.key_length") else hidden // heads
    if keys.has("attention.value_length") and keys.integer("attention.value_length") != head_dim:
        raise keys.unknown("attention.value_length")
    embedding = file.tensors.get("token_embd.weight")
    return {
        "vocabulary": embedding.rows if embedding else 0,
        "hidden": hidden,
        "layers": layers,
        "heads": heads,
        "kv_heads": keys.integer("attention.head_count_kv") if keys.has("attention.head_count_kv") else heads,
        "head_dim": head_dim,
        "ffn": keys.integer("feed_forward_length"),
        "context": keys.integer("context_length"),
        "norm_epsilon": keys.number("attention.layer_norm_rms_epsilon"),
        "attention_scale": max(head_dim, 1) ** -0.5,
        "rotary": keys.integer("rope.dimension_count") if keys.has("rope.dimension_count") else head_dim,
        "windows": [keys.integer("attention.sliding_window")] * layers,
    }


def _switches(file: Gguf, family: str) -> dict[str, Any]:
    """What no key says and the tensors that are there do."""
    begin = file.metadata.get("tokenizer.ggml.bos_token_id")
    ends = [file.metadata.get(f"tokenizer.ggml.{name}_token_id") for name in ("eos", "eot")]
    return {
        "family": family,
        "attention_bias": "blk.0.attn_q.bias" in file.tensors,
        "output_bias": "blk.0.attn_output.bias" in file.tensors,
        "qk_norm": family in {"qwen3", "qwen3_moe"},
        "tied_embeddings": "output.weight" not in file.tensors,
        "begin_token": begin if isinstance(begin, int) else None,
        "end_tokens": list(dict.fromkeys(end for end in ends if isinstance(end, int))),
    }


def _rope(keys: Keys, file: Gguf) -> dict[str, Any]:
    kind, context = keys.value("rope.scaling.type"), keys.integer("context_length")
    if kind not in {"none", "linear", "yarn", "longrope"}:
        raise keys.unknown("rope.scaling.type")
    key = "rope.scaling.original_context_length"
    original = keys.integer(key) if keys.has(key) else context
    factor, sharper = keys.number("rope.scaling.factor") or 1.0, keys.number("rope.scaling.attn_factor")
    rope = {"kind": "default" if kind == "none" else kind, "theta": keys.number("rope.freq_base")}
    rope |= {"factor": factor, "original_context": original}
    if kind == "yarn":
        return rope | {"attention_factor": sharper * (1.0 + 0.1 * math.log(factor) if factor > 1.0 else 1.0)}
    return rope | _factors(keys, file, sharper)


def _factors(keys: Keys, file: Gguf, sharper: float) -> dict[str, Any]:
    """Tables of factors: one for every length, or one for short and one for long texts."""
    tables = {name: _table(file, name) for name in ROPE_TABLES if name in file.tensors}
    if "rope_freqs.weight" in tables:
        both = tables["rope_freqs.weight"]
        return {"kind": "longrope", "short_factors": both, "long_factors": both, "attention_factor": 1.0}
    if "rope_factors_long.weight" in tables and "rope_factors_short.weight" in tables:
        long, short = tables["rope_factors_long.weight"], tables["rope_factors_short.weight"]
        return {"kind": "longrope", "long_factors": long, "short_factors": short, "attention_factor": sharper}
    if tables or keys.value("rope.scaling.type") == "longrope":
        raise keys.wrong("rope.scaling.type", "must come with both tables of factors, or with none")
    return {}


def _table(file: Gguf, name: str) -> list[float]:
    tensor = file.tensors[name]
    if tensor.kind != "f32" or tensor.rows != 1 or tensor.columns > 4096:
        raise ModelError(f"tensor {name!r} is no table of factors", where=str(file.path), remedy="convert it again")
    return [float(factor) for factor in tensor.float32().reshape(-1)]


def _experts(keys: Keys) -> dict[str, Any]:
    if not keys.integer("expert_count"):
        return {}
    width = "expert_feed_forward_length" if keys.has("expert_feed_forward_length") else "feed_forward_length"
    return {
        "experts": keys.integer("expert_count"),
        "experts_used": keys.integer("expert_used_count"),
        "expert_ffn": keys.integer(width),
    }
