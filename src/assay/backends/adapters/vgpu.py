"""The built-in engine: decoders on the software GPU, their steps stamped in the native core."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from assay import __version__
from assay.backends.asked import Asked, Described
from assay.backends.backend import Backend, Reply
from assay.backends.generation.loop import Language, Logits, Place, Words, generate
from assay.backends.presets import built, is_preset
from assay.engine.files import open_model
from assay.engine.options import EngineOptions, StepOf
from assay.engine.session import Engine
from assay.engine.tokens import open_tokenizer
from assay.errors import AssayError, PlanError
from assay.record import enums
from assay.record.enums import Precision
from assay.trace.recording.recorder import Recorder
from assay.vgpu.core import active

_PRECISIONS = {
    Precision.UNSPECIFIED: "auto", Precision.FP32: "f32", Precision.FP16: "f16", Precision.BF16: "bf16",
    Precision.Q8_0: "q8_0", Precision.Q4_0: "q4_0",
}  # fmt: skip
_KINDS = {
    "f32": Precision.FP32, "f16": Precision.FP16, "bf16": Precision.BF16, "q8_0": Precision.Q8_0,
    "q4_0": Precision.Q4_0, "q4_k": Precision.Q4_K, "q6_k": Precision.Q6_K,
}  # fmt: skip


class EngineModel:
    """A model opened by the engine."""

    def __init__(self, asked: Asked) -> None:
        if asked.precision not in _PRECISIONS:
            known = ", ".join(each.value for each in list(_PRECISIONS)[1:])
            remedy = f"leave --precision out to run the weights as they are stored, or use one of: {known}"
            raise PlanError(f"no {asked.precision.value} here", where="--precision", remedy=remedy)
        if not hasattr(active, "decoder_open"):
            remedy = "install Assay where there is a C++ compiler, or choose another --backend"
            raise PlanError("the engine needs the native core, which is not installed", remedy=remedy)
        named, asked = asked, built(asked, Precision.BF16)
        started_ns = time.perf_counter_ns()
        model: Any = open_model(asked.path)
        options = EngineOptions(threads=asked.threads, precision=_PRECISIONS[asked.precision])  # type: ignore[arg-type]
        self._engine = Engine(model.architecture, model.weights, options)
        self._engine.substeps = asked.substeps
        self.load_ns = time.perf_counter_ns() - started_ns
        self.remarks: list[str] = []
        self._language = Language(forward=_Forward(self._engine), words=_words(asked))
        stored = _KINDS.get(_by_size(model.weights)[0], Precision.MIXED)
        self.described = Described(
            name=named.model if is_preset(named.model) else asked.path.resolve().name,
            format="gguf" if asked.path.suffix == ".gguf" else "safetensors",
            backend=enums.Backend.VGPU,
            precision=stored if asked.precision is Precision.UNSPECIFIED else asked.precision,
            threads=self._engine.threads,
            batch=asked.batch,
            build=f"assay {__version__}",
            architecture=model.architecture.family,
            parameters=sum(int(np.prod(tensor.shape)) for tensor in model.weights.values()),
            weight_bytes=self._engine.weight_bytes,
            # its steps take microseconds, and whatever stops the thread would stop it between them, at that call
            cpu_time=False,
        )

    def generate(self, asked: Asked, recorder: Recorder, number: int) -> Reply:
        """Answer a request."""
        return generate(self._language, asked, recorder, number)

    def close(self) -> None:
        """Free weights and pages."""
        self._engine.close()


class _Forward:
    """Logits by the engine, whose steps stamp themselves."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sequences: list[Any] = []
        self.vocabulary = engine.architecture.vocabulary

    def begin(self, prompts: Sequence[Sequence[int]], place: Place) -> Logits:
        """Logits after each prompt, one after the other."""
        self._sequences = [self._engine.sequence() for _ in prompts]
        of = _of(place)
        place.chain.end()
        pairs = zip(self._sequences, prompts, strict=True)
        return np.stack([self._engine.prefill(sequence, list(prompt), of=of) for sequence, prompt in pairs])

    def advance(self, tokens: Sequence[int], place: Place) -> Logits:
        """Logits after one token more, all sequences in one step."""
        of = _of(place)
        place.chain.end()
        return self._engine.decode(self._sequences, tokens, of=of)

    def end(self) -> None:
        """Give the pages back."""
        for sequence in self._sequences:
            sequence.close()
        self._sequences = []


def _of(place: Place) -> StepOf:
    return StepOf(invocation=place.request.number, token=place.token, phase=place.phase.value)


def _by_size(weights: Any) -> list[str]:
    sizes: dict[str, int] = {}
    for tensor in weights.values():
        sizes[tensor.kind] = sizes.get(tensor.kind, 0) + int(np.prod(tensor.shape))
    return sorted(sizes, key=lambda kind: -sizes[kind])


def _words(asked: Asked) -> Words | None:
    """The tokenizer; a prompt given as text can't do without, and says why there is none."""
    try:
        return open_tokenizer(asked.path)
    except AssayError:
        if asked.prompt is not None:
            raise
        return None


PLUGIN = Backend(name="vgpu", title="folders, GGUF files and presets, by the built-in engine", open=EngineModel)
