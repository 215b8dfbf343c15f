from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from assay.engine.presets.vocabulary import CHAT, SPECIAL, tokenizer_json
from assay.engine.tokens import TextStream, Tokenizer, open_tokenizer
from assay.errors import AssayError, ModelError
from tests.engine.files.mutations import assert_one_line, mutated
from tests.engine.tokens.hostile import TEXTS, random_texts

pytest.importorskip("tokenizers", reason="tokenizers is not installed; pip install 'assay[llm]'")
pytest.importorskip("jinja2", reason="jinja2 is not installed; pip install 'assay[llm]'")

CONFIG = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": SPECIAL[1], "eos_token": SPECIAL[2]}
STRANGE: dict[str, Any] = {"bos_token": "<s>", "add_bos_token": True}
MESSAGES = [{"role": "system", "content": " Be brief. "}, {"role": "user", "content": 'Why <b>"so"</b>?'}]


def folder_of(folder: Path, *, begin: bool = True, **config: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer_json(700, begin=begin)))
    (folder / "tokenizer_config.json").write_text(json.dumps(CONFIG | {"chat_template": CHAT} | config))
    return folder


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return open_tokenizer(folder_of(tmp_path_factory.mktemp("tokenizer")))


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_survives(tokenizer: Tokenizer, text: str) -> None:
    tokens = tokenizer.encode(text)
    assert tokens[0] == 1
    assert tokenizer.decode(tokens, skip_special=False) == SPECIAL[1] + text


def test_halves_of_pairs_become_question_marks(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode(tokenizer.encode("a\ud800b")) == "a?b"


def test_tokens_are_those_of_transformers(tmp_path: Path, tokenizer: Tokenizer) -> None:
    transformers: Any = pytest.importorskip("transformers", reason="transformers is not installed")
    theirs = transformers.AutoTokenizer.from_pretrained(folder_of(tmp_path))
    for text in (*TEXTS, *random_texts(200)):
        tokens = tokenizer.encode(text)
        assert tokens == theirs.encode(text), text
        assert tokenizer.decode(tokens) == theirs.decode(tokens, skip_special_tokens=True), text
    assert tokenizer.chat(MESSAGES) == theirs.apply_chat_template(MESSAGES, tokenize=False, add_generation_prompt=True)


@pytest.mark.parametrize(("flag", "first", "last"), [(True, 1, None), (False, None, None), (None, 1, None)])
def test_the_configuration_decides_over_beginnings(tmp_path: Path, flag: bool | None, first: int, last: int) -> None:
    changes = {} if flag is None else {"add_bos_token": flag}
    tokens = open_tokenizer(folder_of(tmp_path, **changes)).encode("the")
    assert (tokens[0] == 1) is (first == 1)
    assert tokens[-1] != 2


def test_an_end_may_be_asked_for(tmp_path: Path) -> None:
    opened = open_tokenizer(folder_of(tmp_path, add_bos_token=True, add_eos_token=True))
    assert opened.encode("the")[-1] == 2
    assert opened.encode("the", special=False) == opened.encode("the")[1:-1]
    assert opened.end_tokens() == (2,)


@pytest.mark.parametrize("text", [*TEXTS, *random_texts(20, seed=3)])
def test_a_stream_gives_the_whole_text_and_never_half_a_character(tokenizer: Tokenizer, text: str) -> None:
    tokens, stream = tokenizer.encode(text), TextStream(tokenizer)
    pieces = [stream.push(token) for token in tokens]
    if "\ufffd" not in text:
        assert not any("\ufffd" in piece for piece in pieces)
    assert "".join([*pieces, stream.finish()]) == text.replace(SPECIAL[1], "").replace(SPECIAL[2], "").replace(
        SPECIAL[3], ""
    ).replace(SPECIAL[4], "")


def test_a_stream_of_random_tokens_is_the_text_of_them_all(tokenizer: Tokenizer) -> None:
    draw = random.Random(1)
    for _ in range(50):
        tokens, stream = [draw.randrange(720) for _ in range(60)], TextStream(tokenizer)
        text = "".join([*(stream.push(token) for token in tokens), stream.finish()])
        assert text == tokenizer.decode(tokens)


def test_a_stream_may_begin_anew(tokenizer: Tokenizer) -> None:
    stream = TextStream(tokenizer)
    for _ in range(2):
        assert (
            "".join([*(stream.push(token) for token in tokenizer.encode("the house")), stream.finish()]) == "the house"
        )


def test_a_conversation_is_one_text(tokenizer: Tokenizer) -> None:
    expected = '<|begin|><|turn|>system\nBe brief.<|over|>\n<|turn|>user\nWhy <b>"so"</b>?<|over|>\n<|turn|>assistant\n'
    assert tokenizer.chat(MESSAGES) == expected
    assert tokenizer.chat(MESSAGES, add_generation_prompt=False) == expected.removesuffix("<|turn|>assistant\n")


def test_a_template_may_lie_in_a_file_or_have_a_name(tmp_path: Path) -> None:
    named = [{"name": "tools", "template": "T"}, {"name": "default", "template": "D"}]
    assert open_tokenizer(folder_of(tmp_path, chat_template=named)).chat([]) == "D"
    (tmp_path / "chat_template.jinja").write_text("F")
    assert open_tokenizer(tmp_path).chat([]) == "F"


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no tokenizer.json; download"):
        open_tokenizer(tmp_path)
    with pytest.raises(ModelError, match="the model has no chat template; ask for a completion"):
        open_tokenizer(folder_of(tmp_path, chat_template=None)).chat([])
    with pytest.raises(ModelError, match="`bos_token` must be a text"):
        open_tokenizer(folder_of(tmp_path, bos_token=3))
    with pytest.raises(ModelError, match=r"are no tokens of tokenizer.json"):
        open_tokenizer(folder_of(tmp_path, **STRANGE))


def test_a_template_that_names_what_it_does_not_define_is_refused(tmp_path: Path) -> None:
    content = tokenizer_json(300, begin=True)
    content["post_processor"]["special_tokens"] = {}
    (tmp_path / "tokenizer.json").write_text(json.dumps(content))
    with pytest.raises(ModelError, match=r"`post_processor.single` names '<\|begin\|>', which it does not define"):
        open_tokenizer(tmp_path)


def test_mutated_tokenizers_are_read_or_refused_in_one_line(tmp_path: Path) -> None:
    whole, draw, refused = json.dumps(tokenizer_json(300, begin=True)).encode(), random.Random(4), 0
    for _ in range(80):
        (tmp_path / "tokenizer.json").write_bytes(mutated(whole, draw))
        try:
            opened = open_tokenizer(tmp_path)
            opened.decode(opened.encode("the house 🙂"))
        except AssayError as error:
            assert_one_line(str(error))
            refused += 1
    assert refused > 30
