"""One loop for every model that computes logits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assay.backends.asked import Asked
from assay.backends.backend import Reply
from assay.backends.generation.loop import Language, Logits, Place, generate
from assay.errors import PlanError
from assay.record.documents.inference.trace import TraceReport
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from assay.trace.recording.recorder import record


class Counting:
    """Logits that prefer the token behind the last; one layer that takes some time."""

    vocabulary = 50

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.ended = 0

    def begin(self, prompts: Sequence[Sequence[int]], place: Place) -> Logits:
        self.asked += [list(prompt) for prompt in prompts]
        return self.advance([prompt[-1] for prompt in prompts], place)

    def advance(self, tokens: Sequence[int], place: Place) -> Logits:
        place.turn("Attention", 0)
        time.sleep(0.001)
        return np.eye(self.vocabulary, dtype=np.float32)[[(token + 1) % self.vocabulary for token in tokens]]

    def end(self) -> None:
        self.ended += 1


class Letters:
    """A letter is a token."""

    def __init__(self, delay_s: float = 0.0) -> None:
        self._delay_s = delay_s

    def encode(self, text: str) -> list[int]:
        time.sleep(self._delay_s)
        return [ord(letter) - ord("a") for letter in text]

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(chr(ord("a") + token) for token in tokens)


def answered(path: Path, language: Language, **asked: object) -> tuple[Reply, TraceReport]:
    wanted = Asked(model="m", **asked)  # type: ignore[arg-type]
    with record(path / "t.jsonl") as recorder:
        reply = generate(language, wanted, recorder, 0)
    return reply, summarise(open_trace(path / "t.jsonl"), path / "t.jsonl", None)


def test_the_likeliest_token_follows_and_becomes_text(tmp_path: Path) -> None:
    forward = Counting()
    reply, report = answered(tmp_path, Language(forward=forward, words=Letters()), prompt="abc", tokens=4)
    assert (reply.text, list(reply.tokens), reply.prompt_tokens) == ("defg", [3, 4, 5, 6], 3)
    assert (report.tokens.requests, report.tokens.tokens) == (1, 4)
    assert {line.step for line in report.steps} == {"Tokenize", "Attention", "Sample", "Decode"}
    assert forward.ended == 1


def test_steps_follow_each_other_without_a_gap_or_an_overlap(tmp_path: Path) -> None:
    _, report = answered(tmp_path, Language(forward=Counting(), words=Letters()), prompt="abc", tokens=30)
    assert report.uncovered.share <= 0.03
    assert report.uncovered.overlap_ns == 0


def test_a_slow_tokenizer_shows_where_it_is_slow(tmp_path: Path) -> None:
    _, report = answered(tmp_path, Language(forward=Counting(), words=Letters(0.08)), prompt="abc", tokens=2)
    assert report.bottleneck is not None
    assert report.bottleneck.step == "Tokenize"
    times = {line.step: line.wall.total_ns for line in report.steps if line.phase == "prefill"}
    assert times["Tokenize"] >= 80_000_000


def test_a_step_bears_the_place_of_the_token_that_it_leads_to(tmp_path: Path) -> None:
    answered(tmp_path, Language(forward=Counting(), words=None), prompt_tokens=5, tokens=3)
    rows = [row for batch in open_trace(tmp_path / "t.jsonl").events() for row in batch.to_pylist()]
    attention = [(row["phase"], row["token"]) for row in rows if row["step"] == "Attention"]
    assert attention == [("prefill", 5), ("decode", 6), ("decode", 7)]


def test_random_prompts_differ_by_request_and_not_by_run(tmp_path: Path) -> None:
    forward = Counting()
    language = Language(forward=forward, words=None)
    with record(tmp_path / "t.jsonl") as recorder:
        for number in (0, 1, 0):
            generate(language, Asked(model="m", prompt_tokens=8, tokens=1, batch=2), recorder, number)
    first, second, other, _, again, _ = forward.asked
    assert first == again
    assert first not in (second, other)
    assert all(0 <= token < Counting.vocabulary for token in first)


@pytest.mark.parametrize(("words", "prompt"), [(None, "abc"), (Letters(), "")])
def test_a_prompt_that_is_no_tokens_is_refused_and_the_model_let_go(
    words: Letters | None, prompt: str, tmp_path: Path
) -> None:
    forward = Counting()
    with pytest.raises(PlanError):
        answered(tmp_path, Language(forward=forward, words=words), prompt=prompt)
    assert forward.ended == 1


def test_letters_that_are_spread_over_tokens_come_out_once() -> None:
    from assay.backends.generation.loop import _added

    def decode(tokens: Sequence[int]) -> str:
        return bytes(tokens).decode("utf-8", "ignore")

    answer, text = [], ""
    for byte in "aé€b".encode():
        answer.append(byte)
        text += _added(decode, answer)
    assert text.replace("\ufffd", "") == "aé€b"
