from __future__ import annotations

from array import array
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.engine.architecture import Architecture, Rope
from assay.engine.files import open_model
from assay.engine.files.writing import raw_tensor
from assay.engine.loading import load, open_native
from assay.engine.options import EngineOptions, Precision
from assay.engine.reference import Reference
from assay.engine.session import Engine
from assay.engine.tensors import Tensor
from assay.vgpu.core import active
from tests.engine.decoders import random_weights, write_decoder

pytestmark = pytest.mark.skipif(not hasattr(active, "decoder_open"), reason="the native core is not installed")


def load_into(folder: Path, changed: dict[str, Tensor]) -> None:
    native: Any = active
    write_decoder(folder, "llama")
    model = open_model(folder)
    handle = open_native(native, model.architecture, 1)
    try:
        load(native, handle, model.architecture, {**model.weights, **changed})
        native.decoder_ready(handle)
    finally:
        native.decoder_close(handle)


def tensor_of(folder: Path, name: str) -> Tensor:
    write_decoder(folder, "llama")
    return open_model(folder).weights[name]


def test_a_matrix_of_another_shape_is_refused_by_name(tmp_path: Path) -> None:
    name = "model.layers.2.mlp.down_proj.weight"
    narrow = tensor_of(tmp_path / "other", name).part(0, 40)
    with pytest.raises(ValueError, match="layer 2: down is 40 x 56, where the shape says 48 x 56"):
        load_into(tmp_path, {name: narrow})


def test_bytes_that_are_no_such_matrix_are_refused(tmp_path: Path) -> None:
    name = "model.layers.0.self_attn.q_proj.weight"
    whole = tensor_of(tmp_path / "other", name)
    short = Tensor(kind=whole.kind, shape=whole.shape, data=whole.data[:-4])
    with pytest.raises(ValueError, match="bytes are no 48 x 48 weights of f32"):
        load_into(tmp_path, {name: short})


def test_too_few_embeddings_are_refused(tmp_path: Path) -> None:
    name = "model.embed_tokens.weight"
    with pytest.raises(ValueError, match="embeddings of 96 x 48 are missing"):
        load_into(tmp_path, {name: tensor_of(tmp_path / "other", name).part(0, 90)})


def test_a_decoder_with_sizes_that_contradict_is_refused() -> None:
    native: Any = active
    sizes = array("l", (48, 4, 3, 12, 56, 96, 12, 0, 1, 0, 0, 0, 0, 1, 1, 0))
    with pytest.raises(ValueError, match="4 heads of queries don't divide among 3"):
        native.decoder_open(sizes, array("l", (0,)), 1e-6, 1.0)


def whole_blocks(kinds: tuple[str, ...]) -> tuple[Architecture, dict[str, Tensor]]:
    """A decoder whose rows are whole blocks; the formats of its matrices follow one another."""
    architecture = Architecture(
        family="llama",
        vocabulary=300,
        hidden=256,
        layers=2,
        heads=4,
        kv_heads=2,
        head_dim=64,
        ffn=512,
        context=128,
        norm_epsilon=1e-5,
        attention_scale=0.125,
        rotary=64,
        rope=Rope(original_context=128),
        windows=(0, 0),
    )
    numbers = random_weights(architecture)
    kind_of = cycle(kinds)
    weights = {}
    for name, values in numbers.items():
        is_matrix = values.ndim == 2
        weights[name] = raw_tensor(next(kind_of) if is_matrix else "f32", values * (0.3 if is_matrix else 1))
    return architecture, weights


@pytest.mark.parametrize(
    ("kinds", "tolerance"),
    [
        (("f32",), 2e-5),
        (("f16",), 2e-5),
        (("bf16",), 2e-5),
        (("q8_0",), 0.05),
        (("q4_0",), 0.05),
        (("q8_0", "q4_0", "f16", "f32", "bf16"), 0.05),
    ],
)
def test_weights_of_every_format_are_multiplied_as_fp64_does(kinds: tuple[str, ...], tolerance: float) -> None:
    architecture, weights = whole_blocks(kinds)
    tokens = list(range(40))
    reference = Reference(architecture, weights)
    exact = reference.prefill(reference.sequence(), tokens, every=True)
    with Engine(architecture, weights) as engine:
        all_at_once = engine.prefill(engine.sequence(), tokens, every=True)
        sequence = engine.sequence()
        one_by_one = np.concatenate([engine.decode([sequence], [token]) for token in tokens])
    for found in (all_at_once, one_by_one):
        assert np.abs(found - exact).max() <= tolerance * np.abs(exact).max()


def test_blocks_take_as_many_bytes_as_in_the_file() -> None:
    for kind in ("q8_0", "q4_0"):
        architecture, weights = whole_blocks((kind,))
        padded = {"lm_head.weight": raw_tensor(kind, np.ones((320, 256), np.float32))}
        in_file = sum(tensor.data.size for tensor in (weights | padded).values() if len(tensor.shape) == 2)
        in_file -= weights["model.embed_tokens.weight"].data.size
        with Engine(architecture, weights) as engine:
            assert engine.weight_bytes == in_file


@pytest.mark.parametrize(("precision", "bytes_a_weight"), [("f32", 4), ("f16", 2), ("bf16", 2), ("q8_0", 1.0625)])
def test_weights_are_brought_into_the_format_that_is_asked_for(precision: Precision, bytes_a_weight: float) -> None:
    architecture, weights = whole_blocks(("f32",))
    tokens = list(range(20))
    reference = Reference(architecture, weights)
    exact = reference.prefill(reference.sequence(), tokens)
    with Engine(architecture, weights, EngineOptions(precision=precision)) as engine:
        found = engine.prefill(engine.sequence(), tokens)
        matrices = 2 * 256 * (2 * 256 + 2 * 128 + 3 * 512) + 300 * 256
        assert matrices * bytes_a_weight <= engine.weight_bytes <= matrices * bytes_a_weight * 1.02
    assert np.abs(found - exact).max() <= 0.05 * np.abs(exact).max()
