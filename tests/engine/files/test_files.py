from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assay.engine.files import open_model
from assay.engine.files.inventory import expected
from assay.engine.files.mapping import mapped, parse_object, text_bytes
from assay.engine.files.safetensors import read_safetensors
from assay.engine.files.writing import raw_tensor, write_tensors
from assay.errors import ModelError
from tests.engine.decoders import CASES, random_weights, write_decoder


@pytest.mark.parametrize("case", CASES)
def test_every_weight_comes_under_its_one_name(tmp_path: Path, case: str) -> None:
    architecture = write_decoder(tmp_path, case)
    model = open_model(tmp_path)
    assert model.architecture == architecture
    numbers = random_weights(architecture)
    assert list(model.weights) == [name for name, _ in expected(architecture)]
    for name, tensor in model.weights.items():
        assert np.array_equal(tensor.float32(), numbers[name]), name


@pytest.mark.parametrize("kind", ["f16", "bf16"])
def test_weights_keep_their_format(tmp_path: Path, kind: str) -> None:
    write_decoder(tmp_path, "llama", kind)
    assert {tensor.kind for tensor in open_model(tmp_path).weights.values()} == {kind}


def shard(folder: Path, count: int = 3) -> dict[str, str]:
    """The folder's weights in several files with an index."""
    tensors = read_safetensors(folder / "model.safetensors")
    place = {name: f"model-{number % count:05}.safetensors" for number, name in enumerate(tensors)}
    for file in set(place.values()):
        write_tensors(folder / file, {name: tensors[name] for name in tensors if place[name] == file})
    (folder / "model.safetensors").unlink()
    write_index(folder, place)
    return place


def write_index(folder: Path, place: object) -> None:
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": place}))


def test_shards_are_one_model(tmp_path: Path) -> None:
    architecture = write_decoder(tmp_path, "qwen3")
    shard(tmp_path)
    assert list(open_model(tmp_path).weights) == [name for name, _ in expected(architecture)]


@pytest.mark.parametrize("file", ["../x.safetensors", "/etc/passwd", "a/b.safetensors", ".safetensors", 3, "model.bin"])
def test_an_index_names_files_beside_it_only(tmp_path: Path, file: object) -> None:
    write_decoder(tmp_path, "llama")
    write_index(tmp_path, shard(tmp_path) | {"model.norm.weight": file})
    with pytest.raises(ModelError, match="no safetensors file beside it"):
        open_model(tmp_path)


def test_an_index_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    write_decoder(tmp_path, "llama")
    write_index(tmp_path, shard(tmp_path) | {"more": "model-00000.safetensors"})
    with pytest.raises(ModelError, match=r"has no tensor 'more', which model.safetensors.index.json says it has"):
        open_model(tmp_path)


def rewritten(folder: Path, **changes: np.ndarray | None) -> None:
    """The folder's weights with some replaced, added or (None) taken out."""
    tensors = dict(read_safetensors(folder / "model.safetensors"))
    for name, numbers in changes.items():
        tensors.pop(name, None)
        if numbers is not None:
            tensors[name] = raw_tensor("f32", numbers)
    write_tensors(folder / "other.safetensors", tensors)
    (folder / "other.safetensors").replace(folder / "model.safetensors")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"model.norm.weight": None}, "has no tensor 'model.norm.weight'"),
        ({"model.norm.weight": np.ones(47, "f4")}, r"has shape \(47,\), and the configuration asks for \(48,\)"),
        ({"model.layers.0.self_attn.q_proj.bias": np.ones(48, "f4")}, "has no place in a llama"),
    ],
)
def test_weights_that_are_not_the_configurations_are_refused(tmp_path: Path, changes: dict, what: str) -> None:  # type: ignore[type-arg]
    write_decoder(tmp_path, "llama")
    rewritten(tmp_path, **changes)
    with pytest.raises(ModelError, match=what):
        open_model(tmp_path)


def test_tables_of_old_files_are_no_weights(tmp_path: Path) -> None:
    write_decoder(tmp_path, "llama")
    rewritten(tmp_path, **{"model.layers.0.self_attn.rotary_emb.inv_freq": np.ones(6, "f4")})
    assert "model.norm.weight" in open_model(tmp_path).weights


def test_a_head_beside_tied_embeddings_is_left_alone(tmp_path: Path) -> None:
    write_decoder(tmp_path, "qwen3, tied")
    rewritten(tmp_path, **{"lm_head.weight": np.ones((96, 48), "f4")})
    assert "lm_head.weight" not in open_model(tmp_path).weights


def test_the_generation_config_adds_tokens_that_end_a_text(tmp_path: Path) -> None:
    write_decoder(tmp_path, "llama")
    (tmp_path / "generation_config.json").write_text('{"eos_token_id": [2, 7], "temperature": 0.6}')
    assert open_model(tmp_path).architecture.end_tokens == (2, 7)


def test_what_is_no_model_says_what_would_be(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file or folder; give a folder"):
        open_model(tmp_path / "nothing")
    with pytest.raises(ModelError, match=r"config.json: can't be read: no such file or directory"):
        open_model(tmp_path)
    write_decoder(tmp_path, "llama")
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"convert pytorch_model.bin to safetensors"):
        open_model(tmp_path)


def test_json_that_is_none_is_refused(tmp_path: Path) -> None:
    for content in (b"[1]", b"{", b"\xff", b"[" * 200_000):
        with pytest.raises(ModelError):
            parse_object(content, "config.json")
    (tmp_path / "long").write_bytes(b" " * 100)
    with pytest.raises(ModelError, match="longer than"):
        text_bytes(tmp_path / "long", 99)
    (tmp_path / "empty").touch()
    assert len(mapped(tmp_path / "empty")) == 0
