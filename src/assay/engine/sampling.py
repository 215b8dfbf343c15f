"""From logits to a token: the most probable one, or one that is drawn, seeded, after penalties and cuts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from assay.engine.architecture import Index
from assay.record.base import Record

Float64 = NDArray[np.float64]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]


class Sampling(Record, kw_only=True):
    """How a token is chosen. The cuts apply one after the other, as transformers applies them."""

    temperature: Annotated[float, Meta(ge=0.0, le=100.0)] = 0.0
    """Logits are divided by it; 0: the most probable token, the first of equals."""
    top_k: Index = 0
    """Only so many of the most probable tokens may be drawn; 0: all."""
    top_p: Share = 1.0
    """Only the most probable tokens that together reach this probability may be drawn."""
    min_p: Share = 0.0
    """Only tokens of at least this share of the greatest probability may be drawn."""
    repetition_penalty: Annotated[float, Meta(gt=0.0, le=100.0)] = 1.0
    """Logits of tokens that occurred are divided by it where positive, and multiplied where negative."""
    seed: Index = 0
    """The same seed, tokens and logits give the same token."""


class Sampler:
    """Chooses tokens for one sequence."""

    def __init__(self, sampling: Sampling) -> None:
        self.sampling = sampling
        self._random = np.random.Generator(np.random.PCG64(sampling.seed))

    def choose(self, logits: NDArray[np.floating], tokens: Sequence[int]) -> int:
        """The next token after ``tokens``."""
        it = self.sampling
        scores = np.array(logits, dtype=np.float64)
        if it.repetition_penalty != 1.0 and tokens:
            _penalise(scores, tokens, it.repetition_penalty)
        if it.temperature == 0.0:
            return int(scores.argmax())
        order, shares = distribution(scores, it)
        drawn = self._random.random() * shares.sum()
        return int(order[min(int(np.searchsorted(np.cumsum(shares), drawn, side="right")), len(order) - 1)])


def distribution(scores: Float64, sampling: Sampling) -> tuple[NDArray[np.int64], Float64]:
    """Tokens that may be drawn, the most probable first, and their probabilities among all, not scaled up."""
    # Only the candidates of top-k are sorted: a vocabulary is long.
    count = min(sampling.top_k or len(scores), len(scores))
    some = np.argpartition(-scores, count - 1)[:count] if count < len(scores) else np.arange(len(scores))
    order = some[np.lexsort((some, -scores[some]))]
    shares = _softmax(scores[order] / sampling.temperature)
    kept = np.cumsum(shares) - shares < sampling.top_p
    kept &= shares >= sampling.min_p * shares[0]
    kept[0] = True
    return order[kept], shares[kept]


def _penalise(scores: Float64, tokens: Sequence[int], penalty: float) -> None:
    seen = np.unique(np.asarray(tokens, dtype=np.int64))
    seen = seen[seen < len(scores)]
    scores[seen] = np.where(scores[seen] > 0, scores[seen] / penalty, scores[seen] * penalty)


def _softmax(scores: Float64) -> Float64:
    powers = np.exp(scores - scores.max())
    shares: Float64 = powers / powers.sum()
    return shares


class Stops:
    """Ends a text before the first of some strings, which may lie across pieces; what may be a stop's start waits."""

    def __init__(self, strings: Sequence[str]) -> None:
        self._strings = [text for text in strings if text]
        self._held = ""
        self.stopped = False

    def push(self, piece: str) -> str:
        """The text that is certain to stand before any stop."""
        if self.stopped:
            return ""
        text = self._held + piece
        found = [place for stop in self._strings if (place := text.find(stop)) >= 0]
        if found:
            self.stopped, self._held = True, ""
            return text[: min(found)]
        held = max((_overlap(text, stop) for stop in self._strings), default=0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def finish(self) -> str:
        """What waited, now that nothing comes after it."""
        text, self._held = self._held, ""
        return text


def _overlap(text: str, stop: str) -> int:
    """Letters at the text's end that begin the stop."""
    longest = min(len(text), len(stop) - 1)
    return next((size for size in range(longest, 0, -1) if text.endswith(stop[:size])), 0)
