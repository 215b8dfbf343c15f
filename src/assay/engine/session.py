"""The engine: ``with Engine(architecture, weights) as engine``, sequences, and steps that return logits."""

from __future__ import annotations

from array import array
from collections.abc import Sequence as Tokens
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from assay.engine.architecture import Architecture
from assay.engine.loading import Weights, load, open_native
from assay.engine.options import NOBODY, EngineOptions, StepOf, usable_processors
from assay.engine.rope import rope_frequencies, rope_is_dynamic
from assay.errors import UsageError
from assay.vgpu.runtime.native import native as _typed

Logits = NDArray[np.float32]

_native: Any = _typed


class Sequence:
    """Tokens that the engine has seen one after another, and their keys and values."""

    def __init__(self, engine: Engine, handle: int) -> None:
        self._engine = engine
        self.handle = handle
        """What the native core calls it."""

    @property
    def length(self) -> int:
        """Tokens it holds."""
        return int(_native.decoder_length(self._engine.handle, self.handle))

    def fork(self, length: int | None = None) -> Sequence:
        """Another that begins with the same tokens, or with the first ``length`` of them; whole pages are shared."""
        kept = self.length if length is None else length
        return Sequence(self._engine, _native.decoder_fork(self._engine.handle, self.handle, kept))

    def cut(self, length: int) -> None:
        """Forget the tokens behind ``length``."""
        _native.decoder_cut(self._engine.handle, self.handle, length)

    def close(self) -> None:
        """Give its pages back."""
        _native.decoder_remove(self._engine.handle, self.handle)


class Engine:
    """A model ready to run. Not for several threads at once."""

    def __init__(self, architecture: Architecture, weights: Weights, options: EngineOptions | None = None) -> None:
        self.options = options or EngineOptions()
        self.architecture = architecture
        self.threads = min(self.options.threads or usable_processors(), _native.workers())
        self.substeps = False
        """Whether parts of steps are stamped too, where a recording goes on."""
        self._weights = weights  # mapped files, of which embeddings are read in place
        self._phases: dict[str, int] = {}
        self._is_dynamic = rope_is_dynamic(architecture)
        self.handle = open_native(_native, architecture, self.threads, rounds=self.options.precision == "bf16")
        try:
            load(_native, self.handle, architecture, weights, self.options.precision)
            self._set_rope(1)
            _native.decoder_ready(self.handle)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free weights and pages; nothing of this engine may be used afterwards."""
        _native.decoder_close(self.handle)

    @property
    def weight_bytes(self) -> int:
        """Bytes of the matrices as steps read them; of experts, all."""
        return int(_native.decoder_bytes(self.handle)[0])

    @property
    def cache_bytes(self) -> int:
        """Bytes of the pages of keys and values in use."""
        return int(_native.decoder_bytes(self.handle)[1])

    def sequence(self) -> Sequence:
        """A sequence without tokens."""
        return Sequence(self, _native.decoder_add(self.handle))

    def prefill(self, sequence: Sequence, tokens: Tokens[int], *, every: bool = False, of: StepOf = NOBODY) -> Logits:
        """Logits after the last of these tokens, (vocabulary,); or after every one, (tokens, vocabulary)."""
        if not len(tokens):
            raise UsageError("there are no tokens to begin with", remedy="give a prompt of at least one token")
        vocabulary, chunk = self.architecture.vocabulary, self.options.chunk_tokens
        logits = np.empty((len(tokens) if every else 1, vocabulary), np.float32)
        self._stretch_rope(sequence.length + len(tokens))
        for first in range(0, len(tokens), chunk):
            part = tokens[first : first + chunk]
            is_last = first + chunk >= len(tokens)
            wanted = logits[first : first + chunk] if every else logits[: int(is_last)]
            self._run([(sequence, part)], wanted, every=every, of=of)
        return logits if every else logits[0]

    def decode(self, sequences: Tokens[Sequence], tokens: Tokens[int], *, of: StepOf = NOBODY) -> Logits:
        """One step of several sequences: each sees its token; logits of shape (sequences, vocabulary)."""
        logits = np.empty((len(sequences), self.architecture.vocabulary), np.float32)
        items = [(sequence, (token,)) for sequence, token in zip(sequences, tokens, strict=True)]
        if not self._is_dynamic:
            self._run(items, logits, every=False, of=of)
            return logits
        for row, item in enumerate(items):  # each turns at frequencies of its own length
            self._stretch_rope(item[0].length + 1)
            self._run([item], logits[row : row + 1], every=False, of=of)
        return logits

    def _run(self, items: Tokens[tuple[Sequence, Tokens[int]]], logits: Logits, *, every: bool, of: StepOf) -> None:
        triples, flat = array("l"), array("i")
        for sequence, tokens in items:
            triples.extend((sequence.handle, len(flat), len(tokens)))
            flat.extend(tokens)
        phase = self._phases.get(of.phase)
        if phase is None:
            phase = self._phases[of.phase] = _native.trace_name(of.phase)
        place = array("l", (of.invocation, of.sequence, of.token, phase, int(self.substeps)))
        _native.decoder_run(self.handle, triples, flat, every, place, logits)

    def _stretch_rope(self, length: int) -> None:
        if self._is_dynamic:
            self._set_rope(length)

    def _set_rope(self, length: int) -> None:
        frequencies, factor = rope_frequencies(self.architecture, length)
        _native.decoder_rope(self.handle, np.ascontiguousarray(frequencies, np.float64), factor)
