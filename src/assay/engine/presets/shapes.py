"""What the presets look like: three sizes of each of four families.

Rows are multiples of 256, so that every format of weights can hold them, and the shares of attention, feed-forward
parts and head are those of real models of that size.
"""

from __future__ import annotations

from typing import Any

VOCABULARY = 32_000
COMMON: dict[str, Any] = {
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "max_position_embeddings": 8192,
    "rms_norm_eps": 1e-5,
    "tie_word_embeddings": True,
    "vocab_size": VOCABULARY,
}
SIZES: dict[str, dict[str, int]] = {
    "15m": {
        "hidden_size": 256,
        "intermediate_size": 768,
        "num_hidden_layers": 8,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
    },
    "125m": {
        "hidden_size": 768,
        "intermediate_size": 2560,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "num_key_value_heads": 12,
    },
    "1b": {
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 16,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
    },
}
FAMILIES: dict[str, dict[str, Any]] = {
    "llama": {"rope_theta": 500_000.0},
    "mistral": {"rope_theta": 10_000.0, "sliding_window": 1024},
    "qwen2": {"rope_theta": 1_000_000.0},
    "qwen3": {"rope_theta": 1_000_000.0},
}

PRESETS: tuple[str, ...] = tuple(f"{family}-{size}" for family in FAMILIES for size in SIZES)
"""Names that may follow ``preset:``."""


def configuration(name: str) -> dict[str, Any]:
    """The config.json of a preset."""
    family, _, size = name.rpartition("-")
    shape = SIZES[size]
    own = {"head_dim": shape["hidden_size"] // shape["num_attention_heads"]} if family == "qwen3" else {}
    return {"model_type": family, **COMMON, **shape, **FAMILIES[family], **own}
