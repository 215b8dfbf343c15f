"""A GGUF file opened by llama.cpp."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp import llama_cpp as api

from assay.backends.adapters.llamacpp.borders import Borders
from assay.backends.asked import Asked, Described
from assay.backends.backend import Reply
from assay.backends.generation.loop import DEFAULT_PROMPT_TOKENS, Language, Logits, Place, generate
from assay.backends.presets import built, is_preset
from assay.engine.options import usable_processors
from assay.errors import PlanError
from assay.record import enums
from assay.record.enums import Precision, TraceStep
from assay.trace.recording.recorder import Recorder

_KINDS = {
    "F32": Precision.FP32, "F16": Precision.FP16, "BF16": Precision.BF16, "Q8_0": Precision.Q8_0,
    "Q4_0": Precision.Q4_0, "Q4_K": Precision.Q4_K, "Q6_K": Precision.Q6_K,
}  # fmt: skip
_MAGIC = b"GGUF"
_ROOM = 64
"""Tokens of a prompt given as text are not known before the context is made: room for each letter, and these."""


_ERROR = 3
_said: list[str] = []


@api.llama_log_callback  # type: ignore[untyped-decorator]
def _hear(level: int, text: bytes, _data: int) -> None:
    """Errors are kept for who asked; whatever else llama.cpp says while it loads does not concern them."""
    if level == _ERROR:
        _said.append(text.decode("utf-8", "replace").strip()[:300])


class LlamaModel:
    """An opened model."""

    def __init__(self, asked: Asked) -> None:
        named, asked = asked, built(asked, Precision.Q8_0)
        _check(asked)
        api.llama_log_set(_hear, ctypes.c_void_p(0))
        _said.clear()
        threads = asked.threads or usable_processors()
        started_ns = time.perf_counter_ns()
        self._model: Any = api.llama_model_load_from_file(str(asked.path).encode(), api.llama_model_default_params())
        if not self._model:
            raise PlanError(
                "llama.cpp can't load it", where=asked.model, remedy="check that it knows this architecture"
            )
        self._borders = Borders(api.llama_model_n_layer(self._model))
        self._context = self._opened(asked, threads)
        self.load_ns = time.perf_counter_ns() - started_ns
        vocabulary = api.llama_model_get_vocab(self._model)
        forward = _Forward(self._context, self._borders, api.llama_vocab_n_tokens(vocabulary))
        self._language = Language(
            forward=forward, words=_Words(vocabulary) if api.llama_vocab_type(vocabulary) else None
        )
        self.remarks: list[str] = ["llama.cpp was stopped at every border between steps, which costs it time"]
        text = self._text()
        self.described = Described(
            name=named.model if is_preset(named.model) else asked.path.name,
            format="gguf",
            backend=enums.Backend.LLAMACPP,
            precision=next((kind for name, kind in _KINDS.items() if name in text.upper()), Precision.MIXED),
            threads=threads,
            batch=asked.batch,
            build=f"llama-cpp-python {llama_cpp.__version__}",
            architecture=text.split(" ")[0] or None,
            parameters=api.llama_model_n_params(self._model),
            weight_bytes=api.llama_model_size(self._model),
        )

    def generate(self, asked: Asked, recorder: Recorder, number: int) -> Reply:
        """Answer a request."""
        reply = generate(self._language, asked, recorder, number)
        if not self._borders.seen:
            remedy = "choose another --backend"
            raise PlanError("llama.cpp names no borders between layers in this model", where=asked.model, remedy=remedy)
        return reply

    def close(self) -> None:
        """Free the context and the weights."""
        api.llama_free(self._context)
        api.llama_model_free(self._model)

    def _opened(self, asked: Asked, threads: int) -> Any:
        prompt = asked.prompt_tokens or DEFAULT_PROMPT_TOKENS
        if asked.prompt is not None:
            prompt = len(asked.prompt.encode()) + _ROOM
        options = api.llama_context_default_params()
        options.n_ctx = (prompt + asked.tokens + 1) * asked.batch
        options.n_batch = options.n_ubatch = max(512, prompt)
        options.n_seq_max = asked.batch
        options.n_threads = options.n_threads_batch = threads
        options.cb_eval = self._borders.callback
        context = api.llama_init_from_model(self._model, options)
        if not context:
            api.llama_model_free(self._model)
            remedy = "ask for fewer tokens or sequences"
            raise PlanError("llama.cpp can't make a context", where=asked.model, remedy=remedy)
        return context

    def _text(self) -> str:
        """What llama.cpp calls the model: its architecture, size and type."""
        buffer = ctypes.create_string_buffer(256)
        api.llama_model_desc(self._model, buffer, 256)
        return buffer.value.decode("utf-8", "replace")


def _check(asked: Asked) -> None:
    if asked.precision is not Precision.UNSPECIFIED:
        remedy = "leave --precision out: a GGUF file says what its weights are"
        raise PlanError("weights stay as they are stored", where="--precision", remedy=remedy)
    try:
        with Path(asked.model).open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as error:
        raise PlanError(error.strerror or "can't be read", where=asked.model, remedy="name a GGUF file") from error
    if head != _MAGIC:
        raise PlanError("is no GGUF file", where=asked.model, remedy="name a GGUF file")


class _Forward:
    """Logits by llama.cpp."""

    def __init__(self, context: Any, borders: Borders, vocabulary: int) -> None:
        self._context, self._borders = context, borders
        self._lengths: list[int] = []
        self.vocabulary = vocabulary

    def begin(self, prompts: Sequence[Sequence[int]], place: Place) -> Logits:
        """Logits after each prompt, one after the other."""
        api.llama_memory_clear(api.llama_get_memory(self._context), True)  # noqa: FBT003
        self._lengths = [0] * len(prompts)
        found = [self._run([(number, list(prompt))], place) for number, prompt in enumerate(prompts)]
        return np.concatenate(found)

    def advance(self, tokens: Sequence[int], place: Place) -> Logits:
        """Logits after one token more, all sequences in one step."""
        return self._run([(number, [token]) for number, token in enumerate(tokens)], place)

    def end(self) -> None:
        """What is kept of the sequences goes with the next prompt."""
        self._borders.place = None

    def _run(self, items: Sequence[tuple[int, list[int]]], place: Place) -> Logits:
        place.turn(TraceStep.ATTENTION, 0)
        batch = self._batch(items)
        self._borders.place = place
        try:
            status = api.llama_decode(self._context, batch)
            ends = np.cumsum([len(tokens) for _, tokens in items]) - 1
            if status == 0:
                return np.stack([self._logits(int(end)) for end in ends])
        finally:
            self._borders.place = None
            api.llama_batch_free(batch)
        raise PlanError(f"llama.cpp stopped with {status}", remedy="ask for fewer tokens or sequences")

    def _logits(self, place: int) -> Logits:
        pointer = api.llama_get_logits_ith(self._context, place)
        return np.ctypeslib.as_array(pointer, shape=(self.vocabulary,)).copy()

    def _batch(self, items: Sequence[tuple[int, list[int]]]) -> Any:
        count = sum(len(tokens) for _, tokens in items)
        batch = api.llama_batch_init(count, 0, 1)
        batch.n_tokens = count
        row = 0
        for sequence, tokens in items:
            for token in tokens:
                batch.token[row], batch.pos[row] = token, self._lengths[sequence]
                batch.n_seq_id[row], batch.seq_id[row][0] = 1, sequence
                batch.logits[row] = False
                self._lengths[sequence] += 1
                row += 1
            batch.logits[row - 1] = True
        return batch


class _Words:
    """The tokenizer in the file."""

    def __init__(self, vocabulary: Any) -> None:
        self._vocabulary = vocabulary

    def encode(self, text: str) -> list[int]:
        """Tokens of a text, with what the model wants before it."""
        data = text.encode()
        room = (api.llama_token * (len(data) + _ROOM))()
        count = api.llama_tokenize(self._vocabulary, data, len(data), room, len(room), True, False)  # noqa: FBT003
        return list(room[: max(0, count)])

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of tokens."""
        pieces = []
        for token in tokens:
            buffer = ctypes.create_string_buffer(256)
            size = api.llama_token_to_piece(self._vocabulary, token, buffer, len(buffer), 0, False)  # noqa: FBT003
            pieces.append(buffer.raw[: max(0, size)])
        return b"".join(pieces).decode("utf-8", "ignore")
