"""Continuous batching: requests come and go between steps, one step serves all, texts that begin alike share it."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assay.engine.generate import Engine, Piece, Progress, Request
from assay.engine.rope import rope_is_dynamic
from assay.engine.tokens import Tokenizer
from assay.errors import ModelError

Ticket = int
"""What a request is called from its coming to its end."""
WORTH_SHARING = 16
"""Fewer tokens in common than this are computed anew."""


@dataclass(kw_only=True)
class _Running:
    progress: Progress
    sequence: Any
    seen: list[int]
    """Tokens that the sequence holds."""


class Batch:
    """Requests on their way over one engine. Not for several threads at once.

    ``most`` of them run at a time, the others wait in their order. Each step decodes one token for all that run, then
    admits one that waits, so that the others wait for one prompt at most. The sequences of the last ``kept`` that ended
    stay, for prompts that begin as they do.
    """

    def __init__(self, engine: Engine, tokenizer: Tokenizer | None = None, *, most: int = 8, kept: int = 8) -> None:
        self._engine, self._tokenizer = engine, tokenizer
        self._most, self._keep = most, 0 if rope_is_dynamic(engine.architecture) else kept
        self._waiting: deque[tuple[Ticket, Request]] = deque()
        self._running: dict[Ticket, _Running] = {}
        self._kept: OrderedDict[Ticket, tuple[list[int], Any]] = OrderedDict()
        self._tickets = count()
        self.shared_tokens = 0
        """Tokens of prompts that were not computed, because another sequence had them."""

    def submit(self, request: Request) -> Ticket:
        """Queues a request; its pieces come from ``step``."""
        if not request.tokens:
            raise ModelError("the prompt is empty", remedy="give at least one token")
        if request.limit < 1:
            raise ModelError("nothing is asked for", remedy="ask for at least one token")
        ticket = next(self._tickets)
        self._waiting.append((ticket, request))
        return ticket

    def cancel(self, ticket: Ticket) -> None:
        """Forgets a request, whether it waits, runs or has ended."""
        self._waiting = deque(pair for pair in self._waiting if pair[0] != ticket)
        if ticket in self._running:
            self._running.pop(ticket).sequence.close()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits or runs."""
        return not self._waiting and not self._running

    def step(self) -> list[tuple[Ticket, Piece]]:
        """One token for each running request, the newly admitted one included."""
        decoded = self._decode()
        return decoded + self._admit()

    def close(self) -> None:
        """Gives every sequence back."""
        self._waiting.clear()
        for running in self._running.values():
            running.sequence.close()
        for _, sequence in self._kept.values():
            sequence.close()
        self._running, self._kept = {}, OrderedDict()

    def _decode(self) -> list[tuple[Ticket, Piece]]:
        if not self._running:
            return []
        running = list(self._running.items())
        tokens = [one.progress.generated[-1] for _, one in running]
        logits = self._engine.decode([one.sequence for _, one in running], tokens)
        for (_, one), token in zip(running, tokens, strict=True):
            one.seen.append(token)
        return [self._moved(ticket, one, row) for (ticket, one), row in zip(running, logits, strict=True)]

    def _admit(self) -> list[tuple[Ticket, Piece]]:
        if not self._waiting or len(self._running) >= self._most:
            return []
        ticket, request = self._waiting.popleft()
        prompt = list(request.tokens)
        sequence, length = self._begun(prompt)
        one = _Running(progress=Progress(request, self._tokenizer), sequence=sequence, seen=prompt)
        try:
            logits = self._engine.prefill(sequence, prompt[length:])
        except BaseException:
            sequence.close()
            raise
        self._running[ticket] = one
        self.shared_tokens += length
        return [self._moved(ticket, one, logits)]

    def _moved(self, ticket: Ticket, one: _Running, logits: NDArray[np.floating]) -> tuple[Ticket, Piece]:
        piece = one.progress.next(logits)
        if piece.reason is not None:
            del self._running[ticket]
            self._retire(ticket, one)
        return ticket, piece

    def _retire(self, ticket: Ticket, one: _Running) -> None:
        self._kept[ticket] = (one.seen, one.sequence)
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)[1][1].close()

    def _begun(self, prompt: list[int]) -> tuple[Any, int]:
        """A sequence that holds as much of the prompt as another does, its last token excepted; how much that is."""
        if self._keep:
            others: list[tuple[list[int], Any, Ticket | None]] = [
                (one.seen, one.sequence, None) for one in self._running.values()
            ]
            others += [(seen, sequence, ticket) for ticket, (seen, sequence) in self._kept.items()]
            lengths = [_common(prompt[:-1], seen) for seen, _, _ in others]
            best = max(range(len(others)), key=lengths.__getitem__, default=None)
            if best is not None and lengths[best] >= WORTH_SHARING:
                _, sequence, ticket = others[best]
                if ticket is not None:
                    self._kept.move_to_end(ticket)
                return sequence.fork(lengths[best]), lengths[best]
        return self._engine.sequence(), 0


def _common(first: list[int], second: list[int]) -> int:
    """Tokens from the start that are the same."""
    size = min(len(first), len(second))
    differ = np.nonzero(np.asarray(first[:size]) != np.asarray(second[:size]))[0]
    return int(differ[0]) if len(differ) else size
