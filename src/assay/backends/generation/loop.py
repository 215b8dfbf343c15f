"""From a prompt to its last token, each step stamped where the work is done.

A step bears the place of the token that it leads to, so that attention's place is the length of its context.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assay.backends.asked import Asked
from assay.backends.backend import Reply
from assay.errors import PlanError
from assay.record.enums import Phase, TraceStep
from assay.trace.recording.recorder import Recorder, Request, Span

Logits = npt.NDArray[np.floating[Any]]
DEFAULT_PROMPT_TOKENS = 32


class Chain:
    """Steps that follow each other without a gap: where one ends the next begins, at one reading of the clock."""

    def __init__(self) -> None:
        self._open: Span | None = None

    def turn(self, span: Span) -> Span:
        """Begin a step, and end the one before it."""
        if self._open is None:
            span.__enter__()
        else:
            self._open.hand_over(span)
        self._open = span
        return span

    def end(self) -> None:
        """End the last step, where one is open."""
        if self._open is not None:
            self._open.__exit__()
            self._open = None


@dataclass(frozen=True)
class Place:
    """Whose work a step is."""

    request: Request
    chain: Chain
    phase: Phase
    token: int
    """Place in the sequence of the token that the step leads to."""

    def turn(self, step: str, layer: int = -1) -> Span:
        """Begin a step at this place, and end the one before it."""
        return self.chain.turn(self.request.step(step, layer, self.token, phase=self.phase.value))


class Forward(Protocol):
    """What computes logits; its steps stamp themselves."""

    vocabulary: int

    def begin(self, prompts: Sequence[Sequence[int]], place: Place) -> Logits:
        """Logits after each prompt, (batch, vocabulary)."""

    def advance(self, tokens: Sequence[int], place: Place) -> Logits:
        """Logits after one token more of each sequence."""

    def end(self) -> None:
        """Forget the sequences."""


class Words(Protocol):
    """A tokenizer."""

    def encode(self, text: str) -> list[int]:
        """Tokens of a text."""

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of tokens."""


@dataclass(frozen=True, kw_only=True)
class Language:
    """A model that can be asked."""

    forward: Forward
    words: Words | None
    """None where the model has no tokenizer; prompts are random tokens then."""


def generate(language: Language, asked: Asked, recorder: Recorder, number: int) -> Reply:
    """Answer one request: always as many tokens as asked for, so that every run does the same work.

    ``number`` tells requests apart: each has random prompts of its own, which are drawn before it begins.
    """
    drawn = _drawn(language, asked, number) if asked.prompt is None else []
    chain = Chain()
    with recorder.request() as request:
        try:
            place = Place(request, chain, Phase.PREFILL, 0)
            prompts = drawn or [_read(language.words, asked, place)] * asked.batch
            answers, text = _answers(language, asked.tokens, prompts, replace(place, token=len(prompts[0])))
        finally:
            chain.end()
            language.forward.end()
    tokens = [token for answer in answers for token in answer]
    return Reply(prompt_tokens=sum(map(len, prompts)), tokens=tokens, text=text)


def _answers(
    language: Language, count: int, prompts: Sequence[Sequence[int]], place: Place
) -> tuple[list[list[int]], str]:
    """So many tokens for each prompt, and the first answer as text."""
    answers: list[list[int]] = [[] for _ in prompts]
    text: list[str] = []
    logits = language.forward.begin(prompts, place)
    while True:
        place.turn(TraceStep.SAMPLE).tokens = len(prompts)
        chosen = np.argmax(logits, axis=-1).tolist()
        for answer, token in zip(answers, chosen, strict=True):
            answer.append(token)
        if language.words is not None:
            place.turn(TraceStep.DECODE)
            text.append(_added(language.words.decode, answers[0]))
        if len(answers[0]) >= count:
            return answers, "".join(text)
        place = replace(place, phase=Phase.DECODE, token=place.token + 1)
        logits = language.forward.advance(chosen, place)


def _read(words: Words | None, asked: Asked, place: Place) -> list[int]:
    """The prompt's tokens."""
    if words is None:
        remedy = "ask for random tokens with --prompt-tokens, or put tokenizer.json beside the weights"
        raise PlanError("there is no tokenizer to read a prompt with", where=asked.model, remedy=remedy)
    span = place.turn(TraceStep.TOKENIZE)
    tokens = words.encode(asked.prompt or "")
    span.tokens = len(tokens)
    if not tokens:
        raise PlanError("the prompt has no tokens", where="--prompt", remedy="give a longer one")
    return tokens


def _drawn(language: Language, asked: Asked, number: int) -> list[list[int]]:
    """Random tokens, others for each sequence."""
    count = asked.prompt_tokens or DEFAULT_PROMPT_TOKENS
    random = np.random.default_rng((asked.seed, number))
    made: list[list[int]] = random.integers(0, language.forward.vocabulary, (asked.batch, count)).tolist()
    return made


def _added(decode: Callable[[Sequence[int]], str], answer: Sequence[int]) -> str:
    """What the last token adds to the text: with those before it, since a letter may be spread over tokens."""
    known = decode(answer[-4:-1]) if len(answer) > 1 else ""
    whole = decode(answer[-4:])
    return whole[len(known) :] if whole.startswith(known) else decode(answer[-1:])
