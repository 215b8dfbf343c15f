"""The engine against llama.cpp: the same weights, the same number of threads, one process.

Run: ``BENCH_MODEL=125m python -m bench engine.llama`` with gguf and llama-cpp-python, built from source, in the
environment. A pair for each format and number of threads: a prompt of 512 tokens, and a step after 32 tokens. The
first call of a block, which may find threads asleep and caches cold, is not counted on either side.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import numpy as np

from assay.engine.options import EngineOptions, Precision
from assay.engine.session import Engine
from bench.engine.models import architecture_of, weights_of, write_gguf
from bench.harness import Options, Pair, Side, Suite

KINDS: tuple[Precision, ...] = ("f32", "bf16", "q8_0", "q4_0")
PROMPT_TOKENS = 512
HELD_TOKENS = 32
STEPS = 12
THREADS = (1, 2)


class Peer:
    """llama.cpp with one context, through its C interface."""

    def __init__(self, library: Any, model: Any, threads: int, vocabulary: int) -> None:
        self._library, self._vocabulary = library, vocabulary
        parameters = library.llama_context_default_params()
        parameters.n_ctx, parameters.n_seq_max, parameters.n_batch = 1024, 1, 1024
        parameters.n_threads = parameters.n_threads_batch = threads
        self._context = library.llama_init_from_model(model, parameters)

    def clear(self) -> None:
        """Forget everything."""
        self._library.llama_memory_clear(self._library.llama_get_memory(self._context), 1)

    def run(self, tokens: list[int]) -> float:
        """Tokens that follow; the first logit, so that they were computed."""
        held = (self._library.llama_token * len(tokens))(*tokens)
        batch = self._library.llama_batch_get_one(held, len(tokens))
        if self._library.llama_decode(self._context, batch) != 0:
            raise RuntimeError("llama.cpp did not run the batch")
        logits = self._library.llama_get_logits_ith(self._context, -1)
        return float(ctypes.cast(logits, ctypes.POINTER(ctypes.c_float))[0])

    def close(self) -> None:
        """Free the context."""
        self._library.llama_free(self._context)


def prompt_of(vocabulary: int) -> list[int]:
    """The same tokens for both."""
    drawn: list[int] = np.random.default_rng(0).integers(0, vocabulary, PROMPT_TOKENS).tolist()
    return drawn


def our_prompt_s(engine: Engine) -> float:
    """Seconds that a prompt takes."""
    sequence = engine.sequence()
    start = time.perf_counter()
    engine.prefill(sequence, prompt_of(engine.architecture.vocabulary))
    spent = time.perf_counter() - start
    sequence.close()
    return spent


def our_step_s(engine: Engine) -> float:
    """Seconds of the median step."""
    sequence = engine.sequence()
    engine.prefill(sequence, prompt_of(engine.architecture.vocabulary)[:HELD_TOKENS])
    spent = median_of(lambda token: engine.decode([sequence], [token]))
    sequence.close()
    return spent


def their_prompt_s(peer: Peer, vocabulary: int) -> float:
    """The same by llama.cpp."""
    peer.clear()
    start = time.perf_counter()
    peer.run(prompt_of(vocabulary))
    return time.perf_counter() - start


def their_step_s(peer: Peer, vocabulary: int) -> float:
    """The same by llama.cpp."""
    peer.clear()
    peer.run(prompt_of(vocabulary)[:HELD_TOKENS])
    return median_of(lambda token: peer.run([token]))


def median_of(step: Callable[[int], object]) -> float:
    """Seconds of the median call after the first."""
    spent = []
    for token in range(STEPS + 1):
        start = time.perf_counter()
        step(token)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent[1:])


def quiet(library: Any) -> object:
    """llama.cpp says nothing; what is returned must live as long."""
    silent = library.llama_log_callback(lambda *_: None)
    library.llama_log_set(silent, None)
    return silent


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """A prompt and a step for each format and number of threads."""
    size = os.environ.get("BENCH_MODEL", "15m" if options.quick else "125m")
    library: Any = importlib.import_module("llama_cpp")
    architecture = architecture_of(size)
    made: list[Pair] = []
    with ExitStack() as held:
        library.llama_backend_init()
        held.callback(lambda _: None, quiet(library))
        for kind in KINDS:
            weights = weights_of(architecture, kind)
            path = options.folder / f"{kind}.gguf"
            write_gguf(path, architecture, weights)
            model = library.llama_model_load_from_file(os.fsencode(path), library.llama_model_default_params())
            for threads in THREADS:
                engine = held.enter_context(
                    Engine(architecture, weights, EngineOptions(threads=threads, precision=kind))
                )
                peer = Peer(library, model, threads, architecture.vocabulary)
                held.callback(peer.close)
                made += pairs_of(f"{size} {kind}, {threads} threads", engine, peer)
        yield made


def pairs_of(name: str, engine: Engine, peer: Peer) -> list[Pair]:
    """Both kinds of work."""
    vocabulary = engine.architecture.vocabulary
    return [
        Pair(
            f"{name}: prompt",
            Side("engine", partial(our_prompt_s, engine)),
            Side("llama.cpp", partial(their_prompt_s, peer, vocabulary)),
        ),
        Pair(
            f"{name}: step",
            Side("engine", partial(our_step_s, engine)),
            Side("llama.cpp", partial(their_step_s, peer, vocabulary)),
        ),
    ]


SUITE = Suite(title="The engine against llama.cpp", pairs=pairs, blocks=9, quick_blocks=6)
