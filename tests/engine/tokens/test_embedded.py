from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.engine.files.gguf.writing import write_gguf
from assay.engine.presets.vocabulary import SPECIAL, merges_and_vocabulary
from assay.engine.tokens import open_tokenizer
from assay.errors import ModelError
from tests.engine.tokens.hostile import TEXTS

pytest.importorskip("tokenizers", reason="tokenizers is not installed; pip install 'assay[llm]'")


def file_of(folder: Path, **changes: Any) -> Path:
    merges, vocabulary = merges_and_vocabulary(600)
    metadata = {
        "model": "gpt2",
        "pre": "qwen2",
        "tokens": list(vocabulary),
        "token_type": [3 if token in SPECIAL else 1 for token in vocabulary],
        "merges": [" ".join(pair) for pair in merges],
        "bos_token_id": 1,
        "eos_token_id": 2,
        "add_bos_token": True,
    }
    own = {f"tokenizer.ggml.{key}": value for key, value in (metadata | changes).items()}
    write_gguf(folder / "m.gguf", own, [("w", "f32", (8,))], [np.zeros(8, "f4").tobytes()])
    return folder / "m.gguf"


@pytest.mark.parametrize("pre", ["default", "gpt-2", "llama-bpe", "qwen2"])
@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_survives(tmp_path: Path, pre: str, text: str) -> None:
    tokenizer = open_tokenizer(file_of(tmp_path, pre=pre))
    assert tokenizer.decode(tokenizer.encode(text), skip_special=False) == SPECIAL[1] + text


def test_numbers_are_cut_as_the_file_says(tmp_path: Path) -> None:
    counts = [len(open_tokenizer(file_of(tmp_path, pre=pre)).encode("12345", special=False)) for pre in ("qwen2",)]
    assert counts == [5]


def test_an_end_is_added_where_the_file_says_so(tmp_path: Path) -> None:
    tokenizer = open_tokenizer(file_of(tmp_path, add_bos_token=False, add_eos_token=True))
    assert tokenizer.encode("the")[-1] == 2
    assert tokenizer.encode("the")[0] != 1


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"model": "bert"}, "its tokenizer is of kind 'bert'"),
        ({"pre": "tekken"}, "which is not supported; put the model's tokenizer.json beside it"),
        ({"merges": "a b"}, "`tokenizer.ggml.merges` must be a list of texts"),
        ({"merges": ["zz qq"]}, "not a tokenizer"),
    ],
)
def test_what_is_not_supported_says_what_helps(tmp_path: Path, changes: dict[str, Any], what: str) -> None:
    with pytest.raises(ModelError) as caught:
        open_tokenizer(file_of(tmp_path, **changes))
    assert what in str(caught.value)
