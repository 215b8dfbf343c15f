"""Single steps that took far longer than their like: which token, which layer, and whether the thread ran at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.record.documents.inference.trace import Outlier
from assay.record.words.numbers import number_text
from assay.trace.analysis.frame import NONE, NOT_READ, Frame, NameTable

Integers = npt.NDArray[np.int64]

KEPT = 512
SHOWN = 10
FAR = 3.0
"""From how many times the usual time on a step is named."""
_FIELDS = ("step", "phase", "layer", "token", "invocation", "wall_ns", "off_cpu_ns")


class Extremes:
    """Gathers frames; the steps that exceed the usual time of their like by most are kept."""

    def __init__(self) -> None:
        self._kept: dict[str, Integers] = {name: np.zeros(0, np.int64) for name in (*_FIELDS, "excess")}
        self._usual: dict[int, float] = {}

    def add(self, frame: Frame) -> None:
        """Take a frame in. What is usual is the median of the first frame that has the step in that phase and layer."""
        rows = np.flatnonzero(frame.is_step)
        if not len(rows):
            return
        key = (frame.step[rows] * (1 << 15) + frame.phase[rows] + 1) * (1 << 17) + frame.layer[rows] + 1
        present, inverse = np.unique(key, return_inverse=True)
        usual = np.array([self._usual_of(each, frame, rows, inverse == i) for i, each in enumerate(present.tolist())])
        excess = (frame.wall_ns[rows] - usual[inverse]).astype(np.int64)
        far = np.flatnonzero(frame.wall_ns[rows] > FAR * usual[inverse])
        far = far[np.argsort(-excess[far])][:KEPT]
        new = {name: getattr(frame, name)[rows[far]] for name in _FIELDS} | {"excess": excess[far]}
        joined = {name: np.concatenate((values, new[name])) for name, values in self._kept.items()}
        order = np.argsort(-joined["excess"], kind="stable")[:KEPT]
        self._kept = {name: values[order] for name, values in joined.items()}

    def outliers(self, names: NameTable) -> list[Outlier]:
        """The worst, in words."""
        rows = range(min(SHOWN, len(self._kept["excess"])))
        return [self._outlier({name: int(values[row]) for name, values in self._kept.items()}, names) for row in rows]

    def _usual_of(self, key: int, frame: Frame, rows: Integers, chosen: npt.NDArray[np.bool_]) -> float:
        known = self._usual.get(key)
        if known is None:
            known = self._usual[key] = max(1.0, float(np.median(frame.wall_ns[rows[chosen]])))
        return known

    def _outlier(self, row: dict[str, int], names: NameTable) -> Outlier:
        step, phase = names.text(row["step"]) or "?", names.text(row["phase"]) or "none"
        usual_ns = max(1, row["wall_ns"] - row["excess"])
        layer = None if row["layer"] == NONE else row["layer"]
        place = f"{step}{'' if phase == 'none' else f' in {phase}'}{'' if layer is None else f', layer {layer}'}"
        who = _who(row)
        took = f"took {number_text(row['wall_ns'] / 1e9, 's')} where {number_text(usual_ns / 1e9, 's')} is usual"
        return Outlier(
            kind="token",
            step=step,
            phase=phase,
            layer=layer,
            invocation=None if row["invocation"] == NONE else row["invocation"],
            token=None if row["token"] == NONE else row["token"],
            ratio=row["wall_ns"] / usual_ns,
            excess_ns=float(row["excess"]),
            text=f"{who}{place} {took}: {_why(row)}",
        )


def _who(row: dict[str, int]) -> str:
    parts = [f"token {row['token']}" if row["token"] != NONE else ""]
    parts.append(f"request {row['invocation']}" if row["invocation"] != NONE else "")
    words = " of ".join(part for part in parts if part)
    return f"{words}: " if words else ""


def _why(row: dict[str, int]) -> str:
    if row["off_cpu_ns"] == NOT_READ:
        return "whether its thread ran is not known, since the CPU clock was not read."
    off = number_text(max(0, row["off_cpu_ns"]) / 1e9, "s")
    if row["off_cpu_ns"] >= row["excess"] / 2:
        return f"its thread was off the processor for {off}: stopped, preempted or waiting."
    return f"its thread ran, and was off the processor for {off} only."
