"""From a config.json to an architecture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from assay.engine.architecture import Architecture
from assay.engine.files.configuration.families import ACTIVATIONS, FAMILIES, METADATA, REQUIRED, WITHOUT_EFFECT
from assay.engine.files.configuration.keys import Keys
from assay.engine.files.configuration.stretching import read_rope, rotary_share
from assay.engine.files.mapping import parse_object, text_bytes
from assay.errors import ModelError

LAYERS = 10_000
"""More layers than this are a damaged file."""


def read_configuration(path: Path) -> Architecture:
    """What the file says, every key of it known and used, or an error that names the key."""
    return architecture_of(parse_object(text_bytes(path, 8 << 20), str(path)), str(path))


def architecture_of(found: dict[str, Any], where: str) -> Architecture:
    """An architecture from the content of a config.json."""
    name = found.get("model_type")
    family = FAMILIES.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or family is None:
        what = f"`model_type` is {ascii(name)[:60]}, which the engine does not run"
        raise ModelError(what, where=where, remedy=f"it runs {', '.join(FAMILIES)}")
    keys = Keys(found=found, defaults=family.reads, where=where)
    _check_known(keys)
    fields = _sizes(keys) | _biases(keys, name) | _rotary(keys, name) | _experts(keys, name) | family.always
    fields |= {"family": name, "windows": _windows(keys)}
    try:
        return msgspec.convert(fields, Architecture)
    except ValueError as error:  # msgspec's own errors are ValueErrors too
        raise ModelError(f"contradicts itself: {error}", where=where, remedy="mend the file") from error


def _check_known(keys: Keys) -> None:
    for key, value in keys.found.items():
        if key in keys.defaults or key in REQUIRED or key in METADATA or key.startswith("_"):
            continue
        if _asks_for_no_window(keys, key, value):
            continue
        if not any(value == neutral and type(value) is type(neutral) for neutral in WITHOUT_EFFECT.get(key, ())):
            raise keys.unknown(key)


def _asks_for_no_window(keys: Keys, key: str, value: Any) -> bool:
    """Whether a key about windows, which the family does not read, says what holds anyway."""
    if key == "max_window_layers":
        return not keys.found.get("use_sliding_window")
    is_full = isinstance(value, list) and all(kind == "full_attention" for kind in value)
    return key == "layer_types" and is_full and not keys.found.get("sliding_window")


def _sizes(keys: Keys) -> dict[str, Any]:
    heads, hidden = keys.integer("num_attention_heads"), keys.integer("hidden_size")
    if not 0 < heads <= hidden:
        raise keys.wrong("num_attention_heads", "must be at least 1 and at most hidden_size")
    if not 0 < keys.integer("num_hidden_layers") <= LAYERS:
        raise keys.wrong("num_hidden_layers", f"must be from 1 to {LAYERS}")
    head_dim = keys.integer("head_dim") if keys.value("head_dim") is not None else hidden // heads
    activation = keys.value("hidden_act")
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise keys.wrong("hidden_act", f"must be one of {', '.join(ACTIVATIONS)}")
    return {
        "vocabulary": keys.integer("vocab_size"),
        "hidden": hidden,
        "layers": keys.integer("num_hidden_layers"),
        "heads": heads,
        "kv_heads": heads if keys.value("num_key_value_heads") is None else keys.integer("num_key_value_heads"),
        "head_dim": head_dim,
        "ffn": keys.integer("intermediate_size"),
        "context": keys.integer("max_position_embeddings"),
        "norm_epsilon": keys.number("rms_norm_eps"),
        "activation": ACTIVATIONS[activation],
        "attention_scale": max(head_dim, 1) ** -0.5,
        "tied_embeddings": keys.flag("tie_word_embeddings"),
        "begin_token": next(iter(keys.integers("bos_token_id")), None),
        "end_tokens": keys.integers("eos_token_id"),
    }


def _biases(keys: Keys, family: str) -> dict[str, Any]:
    if "attention_bias" not in keys.defaults:
        return {}
    bias = keys.flag("attention_bias")
    found = {"attention_bias": bias, "output_bias": bias}
    return found | ({"mlp_bias": keys.flag("mlp_bias")} if family == "llama" else {})


def _rotary(keys: Keys, family: str) -> dict[str, Any]:
    heads, hidden = keys.integer("num_attention_heads"), keys.integer("hidden_size")
    head_dim = keys.integer("head_dim") if keys.value("head_dim") is not None else hidden // heads
    place, share = rotary_share(keys)
    if share != 1.0 and family != "phi3":
        raise place.unknown("partial_rotary_factor")
    if not 0.0 < share <= 1.0:
        raise place.wrong("partial_rotary_factor", "must be above 0 and at most 1")
    return {"rotary": int(head_dim * share), "rope": read_rope(keys, family)}


def _windows(keys: Keys) -> list[int]:
    layers = keys.integer("num_hidden_layers")
    window = keys.integer("sliding_window") if keys.value_or_none("sliding_window") is not None else 0
    if "use_sliding_window" in keys.defaults and not keys.flag("use_sliding_window"):
        window = 0
    kinds = keys.value_or_none("layer_types")
    if kinds is not None:
        return _windows_by_kind(keys, kinds, window)
    first = keys.integer("max_window_layers") if "max_window_layers" in keys.defaults else 0
    return [window if layer >= first else 0 for layer in range(layers)]


def _windows_by_kind(keys: Keys, kinds: Any, window: int) -> list[int]:
    allowed = {"full_attention": 0, "sliding_attention": window}
    if not isinstance(kinds, list) or not all(isinstance(kind, str) and kind in allowed for kind in kinds):
        raise keys.wrong("layer_types", f"must be a list of {' and '.join(allowed)}")
    if len(kinds) != keys.integer("num_hidden_layers"):
        raise keys.wrong("layer_types", "must name one kind a layer")
    return [allowed[kind] for kind in kinds]


def _experts(keys: Keys, family: str) -> dict[str, Any]:
    if family == "mixtral":
        return {
            "experts": keys.integer("num_local_experts"),
            "experts_used": keys.integer("num_experts_per_tok"),
            "expert_ffn": keys.integer("intermediate_size"),
        }
    return _sparse_experts(keys) if family == "qwen3_moe" else {}


def _sparse_experts(keys: Keys) -> dict[str, Any]:
    """Qwen3's: every so-many-th layer has experts, but for those that are listed."""
    layers, step = keys.integer("num_hidden_layers"), keys.integer("decoder_sparse_step")
    if step == 0:
        raise keys.wrong("decoder_sparse_step", "must be at least 1")
    plain = set(keys.integers("mlp_only_layers"))
    name = "num_experts" if keys.has("num_experts") else "num_local_experts"
    experts = keys.integer(name) if keys.has(name) else 128
    if not experts:
        return {}
    return {
        "experts": experts,
        "experts_used": keys.integer("num_experts_per_tok"),
        "expert_ffn": keys.integer("moe_intermediate_size"),
        "normalise_routing": keys.flag("norm_topk_prob"),
        "dense_layers": [layer for layer in range(layers) if layer in plain or (layer + 1) % step],
    }
