"""Generates text: tokens in, one token after another out, over any engine with the same few methods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, Protocol

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from assay.engine.architecture import Architecture
from assay.engine.sampling import Sampler, Sampling, Stops
from assay.engine.tokens import TextStream, Tokenizer
from assay.errors import ModelError
from assay.record.base import Record

Reason = Literal["stop", "length"]


class Cache(Protocol):
    """A text so far, as an engine keeps it."""

    @property
    def length(self) -> int:
        """Tokens that it holds."""
        ...

    def close(self) -> None:
        """Lets go of its memory."""
        ...


class Engine(Protocol):
    """What runs a decoder: the reference, or the native engine."""

    architecture: Architecture
    """What it runs."""

    def sequence(self) -> Any:
        """An empty one."""
        ...

    def prefill(self, sequence: Any, tokens: list[int]) -> NDArray[np.floating]:
        """Logits after the last of the tokens."""
        ...

    def decode(self, sequences: list[Any], tokens: list[int]) -> NDArray[np.floating]:
        """One more token in each sequence, one row of logits each."""
        ...


class Request(Record, kw_only=True):
    """What is to be generated."""

    tokens: tuple[int, ...]
    """The prompt."""
    limit: Annotated[int, Meta(ge=0)] = 128
    """At most so many tokens are generated."""
    sampling: Sampling = Sampling()
    """How each is chosen."""
    stops: tuple[str, ...] = ()
    """The text ends before the first of these."""
    end_tokens: tuple[int, ...] = ()
    """The text ends with the first of these, which is no part of it."""


class Piece(Record, kw_only=True):
    """One generated token, and the text that it made certain."""

    token: int | None
    """The token; null where only text is left to give."""
    text: str
    """New text; empty while a character or a possible stop is not whole."""
    reason: Reason | None = None
    """Why nothing follows; null where something does."""


class Progress:
    """One request on its way: chosen tokens in, pieces of text out. It knows nothing of engines."""

    def __init__(self, request: Request, tokenizer: Tokenizer | None) -> None:
        self.request = request
        self.generated: list[int] = []
        self._sampler = Sampler(request.sampling)
        self._stream = TextStream(tokenizer) if tokenizer else None
        self._stops = Stops(request.stops)

    def next(self, logits: NDArray[np.floating]) -> Piece:
        """The token that follows, and its text."""
        token = self._sampler.choose(logits, (*self.request.tokens, *self.generated))
        if token in self.request.end_tokens:
            return self._last(token, "", "stop")
        self.generated.append(token)
        text = self._stops.push(self._stream.push(token) if self._stream else "")
        if self._stops.stopped:
            return Piece(token=token, text=text, reason="stop")
        if len(self.generated) >= self.request.limit:
            return self._last(token, text, "length")
        return Piece(token=token, text=text)

    def _last(self, token: int, text: str, reason: Reason) -> Piece:
        """With the text that waited; a stop may still be in it."""
        text += self._stops.push(self._stream.finish() if self._stream else "")
        ended: Reason = "stop" if self._stops.stopped else reason
        return Piece(token=token, text=text + self._stops.finish(), reason=ended)


def generate(engine: Engine, request: Request, tokenizer: Tokenizer | None = None) -> Iterator[Piece]:
    """Piece by piece; the last one says why it is the last."""
    if not request.tokens:
        raise ModelError("the prompt is empty", remedy="give at least one token")
    if request.limit == 0:
        return
    sequence, progress = engine.sequence(), Progress(request, tokenizer)
    try:
        logits = engine.prefill(sequence, list(request.tokens))
        piece = progress.next(logits)
        yield piece
        while piece.reason is None:
            piece = progress.next(engine.decode([sequence], progress.generated[-1:])[0])
            yield piece
    finally:
        sequence.close()


def text_of(pieces: Sequence[Piece]) -> str:
    """The text that was generated."""
    return "".join(piece.text for piece in pieces)
