"""Nothing runs: steps that take no time, to see what asking and recording cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay import __version__
from assay.backends.asked import Asked, Described
from assay.backends.backend import Backend, Reply
from assay.backends.generation.loop import Language, Logits, Place, generate
from assay.errors import PlanError
from assay.record import enums
from assay.record.enums import Precision, TraceStep
from assay.trace.recording.recorder import Recorder

MODEL = "null"
_LAYERS = 2
_VOCABULARY = 16


class NullModel:
    """A model of two empty layers."""

    def __init__(self, asked: Asked) -> None:
        if asked.model != MODEL:
            raise PlanError("the null backend runs no model", where=asked.model, remedy="call it: assay infer null")
        self.load_ns = 0
        self.remarks: list[str] = []
        self._language = Language(forward=_Forward(), words=None)
        self.described = Described(
            name=MODEL,
            format="none",
            backend=enums.Backend.NULL,
            precision=Precision.FP32,
            threads=1,
            batch=asked.batch,
            build=f"assay {__version__}",
        )

    def generate(self, asked: Asked, recorder: Recorder, number: int) -> Reply:
        """Answer a request with token 0 again and again."""
        return generate(self._language, asked, recorder, number)

    def close(self) -> None:
        """Nothing is held."""


class _Forward:
    """Logits that prefer token 0."""

    vocabulary = _VOCABULARY

    def begin(self, prompts: Sequence[Sequence[int]], place: Place) -> Logits:
        """Empty steps."""
        return self.advance([0] * len(prompts), place)

    def advance(self, tokens: Sequence[int], place: Place) -> Logits:
        """Empty steps."""
        for layer in range(_LAYERS):
            for step in (TraceStep.ATTENTION, TraceStep.FFN):
                place.turn(step, layer)
        return np.zeros((len(tokens), _VOCABULARY), np.float32)

    def end(self) -> None:
        """Nothing is held."""


PLUGIN = Backend(name="null", title="nothing, to see what recording costs", open=NullModel)
