from __future__ import annotations

from typing import Any

import msgspec
import pytest

from assay.engine.architecture import Architecture, Rope

SIZES: dict[str, Any] = {
    "family": "llama",
    "vocabulary": 64,
    "hidden": 32,
    "layers": 2,
    "heads": 4,
    "kv_heads": 2,
    "head_dim": 10,
    "ffn": 48,
    "context": 128,
    "norm_epsilon": 1e-5,
    "attention_scale": 10**-0.5,
    "rotary": 10,
    "rope": Rope(original_context=128),
    "windows": (0, 16),
}
EXPERTS: dict[str, Any] = {"experts": 4, "experts_used": 2, "expert_ffn": 8}


def test_heads_need_not_fill_the_hidden_size() -> None:
    decoder = Architecture(**SIZES)
    assert decoder.heads * decoder.head_dim != decoder.hidden
    assert decoder.kv_bytes_a_token == 2 * 2 * 2 * 10 * 4


def test_a_layer_has_experts_unless_it_is_called_dense() -> None:
    decoder = Architecture(**SIZES, **EXPERTS, dense_layers=(1,))
    assert [decoder.has_experts(layer) for layer in range(2)] == [True, False]
    assert not Architecture(**SIZES).has_experts(0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kv_heads": 3}, "must divide heads of queries"),
        ({"rotary": 9}, "even size"),
        ({"rotary": 12}, "more of a head turns"),
        ({"windows": (0,)}, "one window a layer"),
        ({"rope": Rope(kind="longrope", original_context=8, short_factors=(1.0,))}, "5 short and 5 long"),
        (EXPERTS | {"experts_used": 5}, "more experts than there are"),
        (EXPERTS | {"expert_ffn": 0}, "experts need a width"),
        (EXPERTS | {"dense_layers": (2,)}, "not among the layers"),
    ],
)
def test_sizes_that_contradict_one_another_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Architecture(**(SIZES | change))


def test_a_decoder_survives_json_and_refuses_what_it_does_not_know() -> None:
    text = msgspec.json.encode(Architecture(**SIZES))
    assert msgspec.json.decode(text, type=Architecture) == Architecture(**SIZES)
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(text[:-1] + b',"soft_cap":30.0}', type=Architecture)
