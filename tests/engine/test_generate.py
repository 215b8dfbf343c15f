from __future__ import annotations

import json
from typing import Any

import pytest

from assay.engine.files import open_model
from assay.engine.generate import Piece, Request, generate, text_of
from assay.engine.presets.vocabulary import tokenizer_json
from assay.engine.reference import Reference
from assay.engine.sampling import Sampling
from assay.engine.tokens import Tokenizer, open_tokenizer
from assay.errors import ModelError
from tests.engine.decoders import write_decoder


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    folder = tmp_path_factory.mktemp("model")
    write_decoder(folder, "llama")
    model = open_model(folder)
    return Reference(model.architecture, model.weights)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    pytest.importorskip("tokenizers", reason="tokenizers is not installed; pip install 'assay[llm]'")
    folder = tmp_path_factory.mktemp("tokenizer")
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer_json(300, begin=False)))
    return open_tokenizer(folder)


def pieces_of(engine: Reference, tokenizer: Tokenizer | None = None, **options: Any) -> list[Piece]:
    asked: dict[str, Any] = {"tokens": (5, 6, 7), "limit": 20} | options
    return list(generate(engine, Request(**asked), tokenizer))


def test_the_tokens_are_those_of_a_full_pass_after_each(engine: Reference) -> None:
    pieces = pieces_of(engine)
    text = [5, 6, 7]
    for piece in pieces:
        assert piece.token == engine.prefill(engine.sequence(), text).argmax()
        text.append(int(piece.token or 0))
    assert [piece.reason for piece in pieces] == [None] * 19 + ["length"]


def test_an_end_token_ends_the_text_and_is_no_part_of_it(engine: Reference, tokenizer: Tokenizer) -> None:
    tokens = [piece.token for piece in pieces_of(engine)]
    end = tokens[4]
    pieces = pieces_of(engine, tokenizer, end_tokens=(end,))
    assert [piece.token for piece in pieces] == tokens[: tokens.index(end) + 1]
    assert pieces[-1].reason == "stop"
    assert text_of(pieces) == tokenizer.decode([token for token in tokens[: tokens.index(end)] if token is not None])


def test_pieces_together_are_the_text_of_the_tokens(engine: Reference, tokenizer: Tokenizer) -> None:
    pieces = pieces_of(engine, tokenizer, sampling=Sampling(temperature=1.5, seed=3), limit=60)
    assert text_of(pieces) == tokenizer.decode([piece.token for piece in pieces if piece.token is not None])


def test_a_stop_string_ends_the_text_before_it(engine: Reference, tokenizer: Tokenizer) -> None:
    whole = text_of(pieces_of(engine, tokenizer))
    stop = whole[len(whole) // 2 : len(whole) // 2 + 2]
    pieces = pieces_of(engine, tokenizer, stops=(stop,))
    assert text_of(pieces) == whole[: whole.index(stop)]
    assert pieces[-1].reason == "stop"


def test_a_seed_repeats_and_another_does_not(engine: Reference) -> None:
    texts = [
        [piece.token for piece in pieces_of(engine, sampling=Sampling(temperature=1.0, seed=seed))]
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_nothing_is_generated_from_nothing_or_for_nothing(engine: Reference) -> None:
    assert pieces_of(engine, limit=0) == []
    with pytest.raises(ModelError, match="the prompt is empty"):
        pieces_of(engine, tokens=())
