from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.engine.files.configuration.read import architecture_of, read_configuration
from assay.errors import ModelError
from tests.engine.decoders import BASE, CASES, LAYER_TYPES, YARN


def read(**changes: Any) -> Any:
    return architecture_of({"model_type": "llama"} | BASE | changes, "config.json")


@pytest.mark.parametrize("case", CASES)
def test_every_family_is_read(tmp_path: Path, case: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps(BASE | CASES[case]))
    decoder = read_configuration(tmp_path / "config.json")
    assert decoder.family == CASES[case]["model_type"]
    assert (decoder.hidden, decoder.layers, decoder.vocabulary) == (48, 3, 96)


def test_both_spellings_of_rope_are_one() -> None:
    old = read(rope_theta=5e5, rope_scaling={"type": "linear", "factor": 4})
    new = read(rope_parameters={"rope_type": "linear", "factor": 4.0, "rope_theta": 5e5})
    assert old == new
    assert (old.rope.kind, old.rope.theta, old.rope.factor) == ("linear", 5e5, 4.0)


def test_yarn_sharpens_attention_by_its_factor_unless_told_otherwise() -> None:
    assert read(rope_parameters=YARN).rope.attention_factor == pytest.approx(1.0916, abs=1e-4)
    assert read(rope_parameters=YARN | {"attention_factor": 1.5}).rope.attention_factor == 1.5


def test_windows_are_those_of_the_family() -> None:
    assert read(model_type="mistral", sliding_window=7).windows == (7, 7, 7)
    assert read(model_type="mistral").windows == (4096,) * 3
    sliding = {"model_type": "qwen2", "sliding_window": 7, "max_window_layers": 2}
    assert read(**sliding, use_sliding_window=True).windows == (0, 0, 7)
    assert read(**sliding, use_sliding_window=False).windows == (0, 0, 0)
    assert read(model_type="ministral", sliding_window=7, layer_types=LAYER_TYPES).windows == (7, 0, 7)


def test_heads_are_as_wide_as_the_file_or_the_family_says() -> None:
    assert read().head_dim == 12
    assert read(head_dim=None).head_dim == 12
    assert read(head_dim=20).attention_scale == pytest.approx(20**-0.5)
    assert read(model_type="qwen3").head_dim == 128


def test_what_a_family_always_has_needs_no_key() -> None:
    qwen2, qwen3 = read(model_type="qwen2"), read(model_type="qwen3")
    assert (qwen2.attention_bias, qwen2.output_bias, qwen2.qk_norm) == (True, False, False)
    assert (qwen3.attention_bias, qwen3.output_bias, qwen3.qk_norm) == (False, False, True)
    assert read(attention_bias=True, mlp_bias=True).output_bias


def test_keys_about_training_change_nothing() -> None:
    assert read(torch_dtype="bfloat16", initializer_range=0.5, _name_or_path="x", use_cache=True) == read()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"model_type": "gemma2"}, "`model_type` is 'gemma2'"),
        ({"model_type": None}, "`model_type` is None"),
        ({"soft_cap": 30.0}, "`soft_cap` is 30.0, which is not supported"),
        ({"mlp_bais": True}, "did you mean `mlp_bias`"),
        ({"model_type": "mistral", "attention_bias": True}, "`attention_bias` is True, which is not supported"),
        ({"quantization_config": {"bits": 4}}, "`quantization_config` is"),
        ({"sliding_window": 5}, "`sliding_window` is 5"),
        ({"partial_rotary_factor": 0.5}, "`partial_rotary_factor` is 0.5"),
        ({"rope_parameters": {"rope_type": "mrope"}}, "`rope_parameters.rope_type` is 'mrope'"),
        ({"rope_scaling": {"type": "linear"}}, "`rope_scaling.factor` is missing"),
        ({"rope_scaling": {"type": "linear", "factor": 2.0, "alpha": 1}}, "`rope_scaling.alpha` is 1"),
        ({"rope_scaling": [1]}, "`rope_scaling` must be an object"),
        ({"hidden_act": "relu"}, "`hidden_act` must be one of silu"),
        ({"hidden_size": "48"}, "`hidden_size` must be a whole number"),
        ({"hidden_size": True}, "`hidden_size` must be a whole number"),
        ({"num_hidden_layers": 10**8}, "`num_hidden_layers` must be from 1 to"),
        ({"num_attention_heads": 0}, "`num_attention_heads` must be at least 1"),
        ({"num_key_value_heads": 0}, "contradicts itself"),
        ({"num_key_value_heads": 3}, "heads of keys and values must divide"),
        ({"tie_word_embeddings": "no"}, "`tie_word_embeddings` must be true or false"),
        ({"eos_token_id": [1, "x"]}, "`eos_token_id` must be a whole number or a list"),
        ({"rms_norm_eps": 0}, "contradicts itself"),
        ({"model_type": "qwen2", "use_sliding_window": True, "layer_types": ["x"]}, "`layer_types` must be a list"),
        ({"model_type": "qwen2", "layer_types": ["full_attention"]}, "`layer_types` must name one kind a layer"),
        ({"model_type": "mistral", "layer_types": LAYER_TYPES}, "`layer_types` is"),
        ({"model_type": "qwen3_moe", "decoder_sparse_step": 0}, "`decoder_sparse_step` must be at least 1"),
        (
            {"rope_scaling": {"type": "dynamic", "factor": 2.0, "original_max_position_embeddings": 8}},
            "must be max_pos",
        ),
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ModelError) as caught:
        read(**changes)
    assert named in str(caught.value)
    assert str(caught.value).startswith("config.json: ")
    assert "\n" not in str(caught.value)


def test_a_size_that_is_missing_is_asked_for() -> None:
    with pytest.raises(ModelError, match="`vocab_size` is missing"):
        architecture_of(
            {"model_type": "llama", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1}, "x"
        )
