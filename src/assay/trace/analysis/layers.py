"""Layers that take longer than their like, and what their counters say about why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.record.documents.inference.trace import Outlier
from assay.record.words.numbers import number_text
from assay.stats.trend import theil_sen
from assay.trace.analysis.frame import NONE, NOT_READ, NameTable
from assay.trace.analysis.sample import Sample

Integers = npt.NDArray[np.int64]
Columns = dict[str, Integers]

LONGER = 1.25
"""From which ratio on a layer is named."""
CLEARLY = 1.1
"""Even the lower end of its median's interval lies so far above the others'."""
FEWEST_LAYERS, FEWEST_CALLS = 4, 5
_MORE = 1.2
"""From which ratio on a count differs."""


@dataclass(frozen=True, kw_only=True)
class _Layer:
    """What is known of one layer of one step."""

    layer: int
    calls: int
    median_ns: float
    low_ns: float
    flops: float | None
    moved_bytes: float | None
    off_cpu_share: float | None
    slope: float | None
    """Time that it takes longer for each token of context."""
    depth: float
    """Context of its calls, the median."""


def outlier_layers(sample: Sample, names: NameTable) -> list[Outlier]:
    """Every layer that is clearly longer, the worst first."""
    found: list[Outlier] = []
    for step, phase, columns in sample.by_step():
        layers = _layers(columns)
        if len(layers) >= FEWEST_LAYERS:
            found += _of_step(names.text(step) or "?", names.text(phase) or "none", layers)
    return sorted(found, key=lambda each: -each.excess_ns)


def _layers(columns: Columns) -> list[_Layer]:
    layers = np.unique(columns["layer"][columns["layer"] != NONE]).tolist()
    each = ({name: values[columns["layer"] == layer] for name, values in columns.items()} for layer in layers)
    return [_layer(layer, mine) for layer, mine in zip(layers, each, strict=True) if len(mine["key"]) >= FEWEST_CALLS]


def _layer(layer: int, mine: Columns) -> _Layer:
    walls = np.sort(mine["wall_ns"])
    count = len(walls)
    low = max(0, int(count / 2 - np.sqrt(count)))
    known = mine["off_cpu_ns"] != NOT_READ
    moved = [mine[name] for name in ("read_bytes", "written_bytes") if (mine[name] >= 0).all()]
    return _Layer(
        layer=layer,
        calls=count,
        median_ns=float(np.median(walls)),
        low_ns=float(walls[low]),
        flops=float(np.mean(mine["flops"])) if (mine["flops"] >= 0).all() else None,
        moved_bytes=float(np.mean(sum(moved))) if moved else None,
        off_cpu_share=float(mine["off_cpu_ns"].sum() / max(1, walls.sum())) if known.all() else None,
        slope=theil_sen(*_in_order(mine)),
        depth=float(np.median(mine["token"])),
    )


def _in_order(mine: Columns) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    order = np.argsort(mine["token"], kind="stable")
    return mine["token"][order].astype(np.float64), mine["wall_ns"][order].astype(np.float64)


def _of_step(step: str, phase: str, layers: list[_Layer]) -> list[Outlier]:
    usual_ns = float(np.median([each.median_ns for each in layers]))
    like = [each for each in layers if each.median_ns <= CLEARLY * usual_ns] or layers
    found = []
    for each in layers:
        ratio = each.median_ns / max(usual_ns, 1.0)
        if ratio >= LONGER and each.low_ns >= CLEARLY * usual_ns:
            why = _why(each, like)
            took = f"{number_text(each.median_ns / 1e9, 's')} in the median of {each.calls:,} calls"
            text = f"layer {each.layer}: {step}{_in(phase)} takes {took}, {ratio:.2f} times its like: {why}"
            found.append(
                Outlier(
                    kind="layer", step=step, phase=phase, layer=each.layer, invocation=None, token=None, ratio=ratio,
                    excess_ns=each.median_ns - usual_ns, text=text,
                )
            )  # fmt: skip
    return found


def _why(layer: _Layer, like: list[_Layer]) -> str:
    """What differs, by the largest factor; what is the same is said too where nothing differs."""
    reasons = []
    for value, others, words in (
        (layer.moved_bytes, [each.moved_bytes for each in like], "it moves {:.2f} times the bytes"),
        (layer.flops, [each.flops for each in like], "it does {:.2f} times the operations"),
    ):
        usual = _median(others)
        if value is not None and usual and value / usual >= _MORE:
            reasons.append((value / usual, words.format(value / usual)))
    if reasons:
        return " and ".join(text for _, text in sorted(reasons, reverse=True)) + "."
    usual_slope, off = _median([each.slope for each in like]), _median([each.off_cpu_share for each in like])
    excess_ns = layer.median_ns - (_median([each.median_ns for each in like]) or 0.0)
    if layer.slope is not None and (layer.slope - (usual_slope or 0.0)) * layer.depth >= excess_ns / 2:
        slope, usual_text = number_text(layer.slope / 1e9, "s"), number_text(max(usual_slope or 0.0, 0.0) / 1e9, "s")
        return f"it grows by {slope} a token of context, the others by {usual_text}: it looks further back."
    if layer.off_cpu_share is not None and off is not None and layer.off_cpu_share > off + 0.1:
        return f"its thread is off the processor for {layer.off_cpu_share:.0%} of the time, the others' for {off:.0%}."
    known = layer.moved_bytes is not None or layer.flops is not None
    return "it does the same work, more slowly." if known else "what it does was not counted."


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def _in(phase: str) -> str:
    return "" if phase == "none" else f" in {phase}"
