from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assay.engine.files import open_model
from assay.engine.files.configuration.read import architecture_of
from assay.engine.presets import PRESETS, preset_path
from assay.engine.presets.build import cache_folder
from assay.engine.presets.shapes import configuration
from assay.engine.presets.vocabulary import byte_letters, merges_and_vocabulary
from assay.engine.presets.weights import pieces
from assay.engine.tokens import open_tokenizer
from assay.errors import ModelError

NUMBERS = {"15m": (12e6, 18e6), "125m": (110e6, 140e6), "1b": (0.95e9, 1.3e9)}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_as_large_as_it_is_called(name: str) -> None:
    it = architecture_of(configuration(name), name)
    attention = 2 * it.hidden * it.head_dim * (it.heads + it.kv_heads)
    count = it.vocabulary * it.hidden + it.layers * (attention + 3 * it.hidden * it.ffn)
    low, high = NUMBERS[name.rpartition("-")[2]]
    assert low < count < high
    assert it.hidden % 256 == it.ffn % 256 == 0


def test_a_preset_is_built_once_and_opens(tmp_path: Path) -> None:
    place = preset_path("preset:llama-15m", cache=tmp_path)
    model = open_model(place)
    weight = model.weights["model.layers.3.mlp.up_proj.weight"]
    assert (weight.kind, model.architecture.tied_embeddings) == ("bf16", True)
    assert np.std(weight.float32()) == pytest.approx(256**-0.5, rel=0.02)
    stamp = (place / "model.safetensors").stat().st_mtime_ns
    assert preset_path("llama-15m", cache=tmp_path) == place
    assert (place / "model.safetensors").stat().st_mtime_ns == stamp
    assert [path.name for path in (tmp_path / "presets").iterdir()] == [place.name]
    assert len(json.loads((place / "tokenizer.json").read_text())["model"]["vocab"]) == model.architecture.vocabulary


def test_a_preset_of_blocks_is_one_file_with_everything_in_it(tmp_path: Path) -> None:
    pytest.importorskip("tokenizers", reason="tokenizers is not installed; pip install 'assay[llm]'")
    file, folder = preset_path("llama-15m", "q8_0", cache=tmp_path), preset_path("llama-15m", "f32", cache=tmp_path)
    blocks, floats = open_model(file), open_model(folder)
    for name in ("model.layers.1.self_attn.k_proj.weight", "model.embed_tokens.weight"):
        assert blocks.weights[name].kind == "q8_0"
        numbers = floats.weights[name].float32()
        assert np.abs(blocks.weights[name].float32() - numbers).max() < np.abs(numbers).max() / 200
    assert blocks.weights["model.norm.weight"].kind == "f32"
    mine, theirs = open_tokenizer(file), open_tokenizer(folder)
    for text in ("the house, 42 times", "naïve <|end|> 🙂", ""):
        assert mine.encode(text) == theirs.encode(text)
        assert mine.decode(mine.encode(text)) == theirs.decode(theirs.encode(text))
    assert (mine.special["bos_token"], mine.chat_template) == (theirs.special["bos_token"], theirs.chat_template)


def test_weights_depend_on_their_name_and_nothing_else() -> None:
    first = next(pieces("llama-15m", "model.layers.0.mlp.up_proj.weight", (8, 4)))
    assert np.array_equal(first, next(pieces("llama-15m", "model.layers.0.mlp.up_proj.weight", (8, 4))))
    assert not np.array_equal(first, next(pieces("llama-15m", "model.layers.1.mlp.up_proj.weight", (8, 4))))
    assert not np.array_equal(first, next(pieces("qwen2-15m", "model.layers.0.mlp.up_proj.weight", (8, 4))))
    # A change here is a change of every preset: count EDITION up.
    assert first[0].tolist() == pytest.approx([-0.81794983, -0.58859855, 0.36892951, -0.55301708], abs=1e-7)


def test_every_byte_has_a_letter_and_every_merge_its_parts() -> None:
    letters = byte_letters()
    assert len(set(letters)) == 256
    assert (letters[65], letters[32]) == ("A", "Ġ")
    merges, vocabulary = merges_and_vocabulary(800)
    assert len(vocabulary) == 800
    for first, second in merges:
        assert vocabulary[first] < vocabulary[first + second] > vocabulary[second]


def test_a_name_that_is_none_is_met_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no preset 'lama-15m'; did you mean preset:llama-15m\?"):
        preset_path("preset:lama-15m", cache=tmp_path)
    with pytest.raises(ModelError, match="there is no format 'q3_x' of weights"):
        preset_path("llama-15m", "q3_x", cache=tmp_path)


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "presets").write_text("in the way")
    with pytest.raises(ModelError, match=r"presets: the preset can't be built: .*set XDG_CACHE_HOME"):
        preset_path("llama-15m", cache=tmp_path)


def test_the_cache_lies_where_the_system_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "assay"
