"""Which keys of a config.json each family of decoders reads, with the value that a missing one stands for.

The defaults are those of the families' reference implementation in transformers. A key that stands in no table here is
an error, so that no option of a model is ever passed over in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SIZES: dict[str, Any] = {
    "head_dim": None,
    "num_key_value_heads": None,
    "hidden_act": "silu",
    "max_position_embeddings": 2048,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False,
    "rope_theta": 10_000.0,
    "rope_parameters": None,
    "rope_scaling": None,
    "bos_token_id": None,
    "eos_token_id": None,
}
REQUIRED = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
)
WINDOWS: dict[str, Any] = {
    "use_sliding_window": False,
    "sliding_window": 4096,
    "max_window_layers": 28,
    "layer_types": None,
}
LONG: dict[str, Any] = {"max_position_embeddings": 32768}


@dataclass(frozen=True, kw_only=True)
class Family:
    """What one family of decoders reads, and what it always is."""

    reads: dict[str, Any]
    """Keys beside the required ones, each with the value where it is missing."""
    always: dict[str, Any] = field(default_factory=dict)
    """Fields of the architecture that no key decides."""


FAMILIES: dict[str, Family] = {
    "llama": Family(
        reads=SIZES | {"attention_bias": False, "mlp_bias": False},
    ),
    "mistral": Family(
        reads=SIZES | {"num_key_value_heads": 8, "max_position_embeddings": 131072, "sliding_window": 4096},
    ),
    "ministral": Family(
        reads=SIZES
        | {"num_key_value_heads": 8, "max_position_embeddings": 131072, "sliding_window": 4096}
        # A window without a list of layer types slides over every layer.
        | {"layer_types": None},
    ),
    "qwen2": Family(
        reads=SIZES | WINDOWS | LONG | {"num_key_value_heads": 32},
        always={"attention_bias": True},
    ),
    "qwen3": Family(
        reads=SIZES | WINDOWS | LONG | {"num_key_value_heads": 32, "head_dim": 128, "attention_bias": False},
        always={"qk_norm": True},
    ),
    "phi3": Family(
        reads=SIZES
        | {"max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "sliding_window": None}
        | {"partial_rotary_factor": 1.0, "original_max_position_embeddings": 4096},
    ),
    "mixtral": Family(
        reads=SIZES
        | {"num_key_value_heads": 8, "max_position_embeddings": 131072, "rms_norm_eps": 1e-5, "rope_theta": 1e6}
        | {"sliding_window": None, "num_local_experts": 8, "num_experts_per_tok": 2},
    ),
    "qwen3_moe": Family(
        reads=SIZES
        | LONG
        | {"num_key_value_heads": 4, "attention_bias": False, "use_sliding_window": False, "sliding_window": 4096}
        | {"decoder_sparse_step": 1, "moe_intermediate_size": 768, "num_experts_per_tok": 8, "num_experts": None}
        | {"num_local_experts": None, "norm_topk_prob": False, "mlp_only_layers": None},
        always={"qk_norm": True},
    ),
}

ACTIVATIONS = {
    "silu": "silu",
    "swish": "silu",
    "gelu": "gelu",
    "gelu_python": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_fast": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "gelu_python_tanh": "gelu_tanh",
}
"""Names of activations, and what they compute here."""

WITHOUT_EFFECT: dict[str, tuple[Any, ...]] = {
    "add_cross_attention": (False,),
    "alibi": (False,),
    "attention_bias": (False, None),
    "attn_logit_softcapping": (None,),
    "clip_qkv": (None,),
    "chunk_size_feed_forward": (0, None),
    "final_logit_softcapping": (None,),
    "is_encoder_decoder": (False,),
    "logit_scale": (None, 1.0),
    "mlp_bias": (False, None),
    "no_bias": (True,),
    "partial_rotary_factor": (1.0, None),
    "pruned_heads": ({}, None),
    "qkv_bias": (False, None),
    "quantization_config": (None,),
    "query_pre_attn_scalar": (None,),
    "rope_interleaved": (False, None),
    "sliding_window": (None,),
    "use_qk_norm": (False, None),
    "use_sliding_window": (False, None),
}
"""Options that a family does not read, with the values at which they ask for nothing."""

_WORDS = """
architectures attention_dropout attn_implementation auto_map bad_words_ids begin_suppress_tokens cls_token_id
cross_attention_hidden_size decoder_start_token_id diversity_penalty do_sample dtype early_stopping embd_pdrop
embedding_dropout encoder_no_repeat_ngram_size exponential_decay_length_penalty finetuning_task forced_bos_token_id
forced_eos_token_id hidden_dropout id2label initializer_range is_decoder label2id length_penalty max_length
min_length model_type no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
output_hidden_states output_router_logits output_scores pad_token_id prefix pretraining_tp problem_type
remove_invalid_values repetition_penalty resid_pdrop return_dict return_dict_in_generate router_aux_loss_coef
router_jitter_noise sep_token_id suppress_tokens task_specific_params temperature tf_legacy_loss tie_encoder_decoder
tokenizer_class top_k top_p torch_dtype torchscript transformers_version typical_p unsloth_fixed unsloth_version
use_bfloat16 use_cache
"""
METADATA = frozenset(_WORDS.split())
"""Keys about training, generation or the file itself, which change nothing in the forward pass."""
