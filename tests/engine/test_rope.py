from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assay.engine.architecture import Architecture, Rope
from assay.engine.rope import rope_angles, rope_frequencies, rope_is_dynamic

PLAIN = Rope(original_context=64)
ROPES = [
    PLAIN,
    Rope(kind="linear", original_context=64, factor=4.0),
    Rope(kind="dynamic", original_context=64, factor=2.0),
    Rope(kind="llama3", original_context=64, factor=8.0, low_frequency_factor=1.0, high_frequency_factor=4.0),
    Rope(kind="yarn", original_context=64, factor=4.0, attention_factor=1.1386294361119891),
    Rope(kind="yarn", original_context=64, factor=4.0, truncate=False, beta_fast=24.0, beta_slow=2.0),
    Rope(
        kind="longrope",
        original_context=64,
        short_factors=(1.0,) * 8,
        long_factors=tuple(1.0 + pair for pair in range(8)),
    ),
]


def decoder(rope: Rope) -> Architecture:
    """A decoder of which only the rope matters."""
    return Architecture(
        family="llama",
        vocabulary=8,
        hidden=64,
        layers=1,
        heads=4,
        kv_heads=4,
        head_dim=16,
        ffn=8,
        context=64,
        norm_epsilon=1e-5,
        attention_scale=0.25,
        rotary=16,
        rope=rope,
        windows=(0,),
    )


def frequencies(rope: Rope, length: int = 1) -> NDArray[np.float64]:
    return rope_frequencies(decoder(rope), length)[0]


def test_plain_frequencies_are_powers_of_theta() -> None:
    expected = 10_000.0 ** (-np.arange(0, 16, 2) / 16)
    assert np.allclose(frequencies(PLAIN), expected, rtol=2e-7, atol=0)


def test_linear_stretching_divides_every_frequency() -> None:
    assert np.array_equal(frequencies(ROPES[1]), frequencies(PLAIN) / 4.0)


def test_dynamic_stretching_begins_beyond_the_original_context_and_leaves_the_fastest_wave() -> None:
    assert np.array_equal(frequencies(ROPES[2], 64), frequencies(PLAIN))
    longer = frequencies(ROPES[2], 128)
    assert longer[0] == frequencies(PLAIN)[0]
    assert (longer[1:] < frequencies(PLAIN)[1:]).all()


@pytest.mark.parametrize("rope", [ROPES[3], ROPES[4]])
def test_fast_waves_stay_and_slow_waves_are_stretched_in_full(rope: Rope) -> None:
    ratio = frequencies(rope) / frequencies(PLAIN)
    assert ratio[0] == 1.0
    assert ratio[-1] == pytest.approx(1.0 / rope.factor, rel=1e-6)
    assert (np.diff(ratio) <= 1e-7).all()


def test_longrope_changes_its_factors_beyond_the_original_context() -> None:
    rope = ROPES[-1]
    assert rope_is_dynamic(decoder(rope))
    assert np.array_equal(frequencies(rope, 64), frequencies(PLAIN))
    assert np.allclose(frequencies(rope, 65) * np.arange(1, 9), frequencies(PLAIN), rtol=3e-7)


def test_an_angle_is_the_position_times_the_frequency() -> None:
    turned = rope_angles(decoder(PLAIN), np.array([0, 3]), length=4)
    assert turned.shape == (2, 8)
    assert not turned[0].any()
    assert np.array_equal(turned[1], (3.0 * frequencies(PLAIN)).astype(np.float32))


@pytest.mark.parametrize("rope", ROPES[1:], ids=lambda rope: rope.kind)
@pytest.mark.parametrize("length", [1, 64, 65, 200])
def test_frequencies_are_those_of_transformers(rope: Rope, length: int) -> None:
    utils = pytest.importorskip("transformers.modeling_rope_utils", reason="transformers is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    parameters = {
        "rope_type": rope.kind,
        "rope_theta": rope.theta,
        "factor": rope.factor,
        "low_freq_factor": rope.low_frequency_factor,
        "high_freq_factor": rope.high_frequency_factor,
        "beta_fast": rope.beta_fast,
        "beta_slow": rope.beta_slow,
        "truncate": rope.truncate,
        "short_factor": list(rope.short_factors),
        "long_factor": list(rope.long_factors),
        "original_max_position_embeddings": rope.original_context,
    }
    config = transformers.LlamaConfig(
        hidden_size=64, num_attention_heads=4, max_position_embeddings=64, rope_parameters=parameters
    )
    expected, _ = utils.ROPE_INIT_FUNCTIONS[rope.kind](config, "cpu", seq_len=length)
    assert np.allclose(frequencies(rope, length), expected.numpy(), rtol=2.4e-7, atol=0)
