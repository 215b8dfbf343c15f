"""Models that are built on the spot: ``preset:llama-15m`` as the place where it lies."""

from __future__ import annotations

from dataclasses import replace

from assay.backends.asked import Asked
from assay.engine.presets.build import PREFIX, preset_path
from assay.errors import PlanError
from assay.record.enums import Precision

_KINDS = {
    Precision.FP32: "f32", Precision.FP16: "f16", Precision.BF16: "bf16", Precision.Q8_0: "q8_0",
    Precision.Q4_0: "q4_0", Precision.Q4_K: "q4_k", Precision.Q6_K: "q6_k",
}  # fmt: skip


def is_preset(model: str) -> bool:
    """Whether a model is one that is built here."""
    return model.startswith(PREFIX)


def built(asked: Asked, usual: Precision) -> Asked:
    """The same question about the preset's files, in the number format asked for or the backend's usual one.

    A question about a model that is there already stays as it is.
    """
    if not is_preset(asked.model):
        return asked
    wanted = usual if asked.precision is Precision.UNSPECIFIED else asked.precision
    if wanted not in _KINDS:
        known = ", ".join(each.value for each in _KINDS)
        raise PlanError(f"presets are not made in {wanted.value}", where="--precision", remedy=f"use one of: {known}")
    return replace(asked, model=str(preset_path(asked.model, _KINDS[wanted])), precision=Precision.UNSPECIFIED)
