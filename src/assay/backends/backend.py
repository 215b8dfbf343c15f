"""What a backend is: a plug-in that opens a model and either runs its operators or generates tokens with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from assay.backends.asked import Asked, Described
from assay.backends.operators.measured import Profiled
from assay.trace.recording.recorder import Recorder


@dataclass(frozen=True, kw_only=True)
class Backend:
    """A plug-in of ``backends/adapters``."""

    name: str
    """Its name, which is its file's, and what ``--backend`` takes."""
    title: str
    """What it runs, in words."""
    open: Callable[[Asked], Opened]
    """Load the model; raises errors that end in what to do."""


class Operators(Protocol):
    """An opened model whose operators are timed one by one."""

    described: Described

    def profile(self, asked: Asked, progress: Callable[[int, int], None]) -> Profiled:
        """Run it again and again; ``progress`` is told how many of all repeats are done."""

    def close(self) -> None:
        """Let it go."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one request gave."""

    prompt_tokens: int
    tokens: Sequence[int]
    """Generated tokens, of all sequences one after another."""
    text: str = ""
    """The same as text, where there is a tokenizer."""


@runtime_checkable
class Generator(Protocol):
    """An opened language model. Its steps are stamped into the recording by the threads that do them."""

    described: Described
    load_ns: int
    """What reading the model and making it ready took."""
    remarks: list[str]
    """What a reader of the answer must know; may grow while it generates."""

    def generate(self, asked: Asked, recorder: Recorder, number: int) -> Reply:
        """One request, from its prompt to its last token; it and its steps are stamped into the recording."""

    def close(self) -> None:
        """Let it go."""


Opened = Operators | Generator
