"""The rotary part of a config.json, spelled ``rope_parameters`` or ``rope_theta`` with ``rope_scaling``."""

from __future__ import annotations

import math
from typing import Any

from assay.engine.files.configuration.keys import Keys

COMMON = ("rope_type", "type", "rope_theta", "partial_rotary_factor", "original_max_position_embeddings")
KINDS: dict[str, tuple[str, ...]] = {
    "default": (),
    "linear": ("factor",),
    "dynamic": ("factor",),
    "llama3": ("factor", "low_freq_factor", "high_freq_factor"),
    "yarn": ("factor", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate"),
    "longrope": ("factor", "attention_factor", "short_factor", "long_factor"),
}
"""Keys that each kind reads beside the common ones."""
OTHER_NAMES = {"su": "longrope"}
DEFAULTS: dict[str, Any] = {
    "attention_factor": None,
    "beta_fast": None,
    "beta_slow": None,
    "mscale": None,
    "mscale_all_dim": None,
    "truncate": True,
}


def read_rope(keys: Keys, family: str) -> dict[str, Any]:
    """Fields of ``Rope``."""
    said = keys.value("rope_scaling") or keys.value("rope_parameters") or {}
    spelling = "rope_scaling" if keys.value("rope_scaling") else "rope_parameters"
    if not isinstance(said, dict):
        raise keys.wrong(spelling, "must be an object")
    kind = said.get("rope_type") or said.get("type") or "default"
    kind = OTHER_NAMES.get(kind, kind) if isinstance(kind, str) else kind
    if family == "phi3" and kind == "yarn":
        kind = "longrope"  # the name under which its first configurations meant it
    inner = Keys(found=said, defaults=_defaults(keys, kind), where=keys.where, inside=f"{spelling}.")
    if not isinstance(kind, str) or kind not in KINDS:
        raise inner.unknown("rope_type" if "rope_type" in said else "type")
    for key in said:
        if key not in {*COMMON, *KINDS[kind]}:
            raise inner.unknown(key)
    context = _original_context(keys, inner, kind)
    fields = {"kind": kind, "theta": inner.number("rope_theta"), "original_context": context}
    return fields | _READERS[kind](keys, inner, context)


def rotary_share(keys: Keys) -> tuple[Keys, float]:
    """The share of a head that turns, and where it is said."""
    for spelling in ("rope_scaling", "rope_parameters"):
        said = keys.value(spelling)
        if isinstance(said, dict) and said.get("partial_rotary_factor") is not None:
            inner = Keys(found=said, defaults={}, where=keys.where, inside=f"{spelling}.")
            return inner, inner.number("partial_rotary_factor")
    return keys, keys.number("partial_rotary_factor") if "partial_rotary_factor" in keys.defaults else 1.0


def _defaults(keys: Keys, kind: object) -> dict[str, Any]:
    """A factor may be left out where the two context lengths say it."""
    optional = {"factor": None} if kind in {"longrope", "yarn"} else {}
    return DEFAULTS | optional | {"rope_theta": keys.value("rope_theta")}


def _original_context(keys: Keys, inner: Keys, kind: str) -> int:
    """A length at the top goes first, as in Phi-3; ``dynamic`` stretches beyond the length the model is made for."""
    made_for = keys.integer("max_position_embeddings")
    if kind == "dynamic":
        if inner.has("original_max_position_embeddings") and inner.integer(COMMON[-1]) != made_for:
            raise inner.wrong(COMMON[-1], f"must be max_position_embeddings, {made_for}, where the kind is dynamic")
        return made_for
    if "original_max_position_embeddings" in keys.defaults:
        return keys.integer("original_max_position_embeddings")
    return inner.integer(COMMON[-1]) if inner.has(COMMON[-1]) else made_for


def _nothing(_keys: Keys, _inner: Keys, _context: int) -> dict[str, Any]:
    return {}


def _factor(_keys: Keys, inner: Keys, _context: int) -> dict[str, Any]:
    return {"factor": inner.number("factor")}


def _llama3(_keys: Keys, inner: Keys, _context: int) -> dict[str, Any]:
    return {
        "factor": inner.number("factor"),
        "low_frequency_factor": inner.number("low_freq_factor"),
        "high_frequency_factor": inner.number("high_freq_factor"),
    }


def _yarn(keys: Keys, inner: Keys, context: int) -> dict[str, Any]:
    factor = _stretch(keys, inner, context)
    scales = [inner.number(key) if inner.has(key) else 0.0 for key in ("mscale", "mscale_all_dim")]
    attention = _yarn_attention(factor, scales[0]) / _yarn_attention(factor, scales[1]) if all(scales) else None
    return {
        "factor": factor,
        "attention_factor": _said_or(inner, "attention_factor", attention or _yarn_attention(factor, 1.0)),
        "beta_fast": _said_or(inner, "beta_fast", 32.0) or 32.0,
        "beta_slow": _said_or(inner, "beta_slow", 1.0) or 1.0,
        "truncate": inner.flag("truncate"),
    }


def _yarn_attention(factor: float, scale: float) -> float:
    """How much the method's authors sharpen attention when positions are squeezed."""
    return 0.1 * scale * math.log(factor) + 1.0 if factor > 1.0 else 1.0


def _longrope(keys: Keys, inner: Keys, context: int) -> dict[str, Any]:
    factor = _stretch(keys, inner, context)
    grown = math.sqrt(1.0 + math.log(factor) / math.log(context)) if factor > 1.0 and context > 1 else 1.0
    return {
        "factor": factor,
        "attention_factor": _said_or(inner, "attention_factor", grown),
        "short_factors": inner.numbers("short_factor"),
        "long_factors": inner.numbers("long_factor"),
    }


def _stretch(keys: Keys, inner: Keys, context: int) -> float:
    """The factor, or the ratio of the two context lengths."""
    if inner.has("factor"):
        return inner.number("factor")
    return keys.integer("max_position_embeddings") / max(context, 1)


def _said_or(inner: Keys, key: str, default: float) -> float:
    return inner.number(key) if inner.has(key) else default


_READERS = {
    "default": _nothing,
    "linear": _factor,
    "dynamic": _factor,
    "llama3": _llama3,
    "yarn": _yarn,
    "longrope": _longrope,
}
