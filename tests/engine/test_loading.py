from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import pytest

from assay.engine.files import open_model
from assay.engine.loading import load, open_native
from assay.engine.tensors import Tensor
from assay.vgpu.core import active
from tests.engine.decoders import write_decoder

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
    sizes = array("l", (48, 4, 3, 12, 56, 96, 12, 0, 1, 0, 0, 0, 0, 1, 1))
    with pytest.raises(ValueError, match="4 heads of queries don't divide among 3"):
        native.decoder_open(sizes, array("l", (0,)), 1e-6, 1.0)
