"""Times that were divided are told from times that were measured, whatever noise was put on top."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.record.documents.inference.trace import Measuredness
from assay.record.trace.lines import Provenance
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from tests.trace.makers import event, write

LAYERS, TOKENS = 8, 60
Event = dict[str, Any]


def measured(seed: int, tokens: int = TOKENS) -> list[Event]:
    """A decoder as clocks see it: steps scatter by different amounts, some are delayed alone, pauses vary."""
    chance = np.random.default_rng(seed)
    events, now_ns = [], 10**9
    steps = [(step, layer) for layer in range(LAYERS) for step in ("Attention", "FFN")] + [("LmHead", None)]
    usual = {"Attention": (60_000, 0.05), "FFN": (90_000, 0.015), "LmHead": (40_000, 0.03)}
    for token in range(tokens):
        for step, layer in steps:
            base_ns, scatter = usual[step]
            flops = base_ns * (30 if step == "FFN" else 20) + 100 * token
            wall_ns = int(base_ns * chance.lognormal(0, scatter)) + int(chance.random() < 0.02) * 500_000
            events.append(event(step, now_ns, wall_ns, layer=layer, token=token, flops=flops))
            now_ns += wall_ns + int(chance.integers(40, 400))
    return events


def divided(events: list[Event], weigh: Callable[[Event], float], noise: float, seed: int = 0) -> list[Event]:
    """What a profiler makes that knows totals of tokens only."""
    chance = np.random.default_rng(seed)
    found = []
    for token in range(TOKENS):
        mine = [each for each in events if each["token"] == token]
        start_ns = mine[0]["start_ns"]
        total_ns = mine[-1]["start_ns"] + mine[-1]["wall_ns"] - start_ns
        weights = np.array([weigh(each) for each in mine]) * np.exp(chance.normal(0, noise, len(mine)))
        for each, share in zip(mine, weights / weights.sum(), strict=True):
            found.append({**each, "start_ns": start_ns, "wall_ns": int(total_ns * share)})
            start_ns += int(total_ns * share)
    return found


def verdict(tmp_path: Path, events: list[Event], **facts: Any) -> tuple[Measuredness, str]:
    path = write(tmp_path / "t.jsonl", events, **facts)
    report = summarise(open_trace(path), path, None)
    if report.measured is Measuredness.NOT_MEASURED:
        assert report.bottleneck is None
        assert report.outliers == ()
    return report.measured, " ".join(report.measured_reasons)


@pytest.mark.parametrize("seed", range(6))
def test_what_clocks_gave_is_called_measured(tmp_path: Path, seed: int) -> None:
    assert verdict(tmp_path, measured(seed))[0] is Measuredness.MEASURED


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.05, 0.2])
@pytest.mark.parametrize("weigh", [lambda _: 1.0, lambda each: float(each["flops"])], ids=["alike", "by operations"])
def test_totals_that_were_divided_are_called_not_measured(
    tmp_path: Path, weigh: Callable[[Event], float], noise: float, seed: int
) -> None:
    found, reasons = verdict(tmp_path, divided(measured(seed), weigh, noise, seed))
    assert found is Measuredness.NOT_MEASURED, reasons


def test_the_reason_names_the_kind_of_division(tmp_path: Path) -> None:
    assert "same time to the nanosecond" in verdict(tmp_path, divided(measured(0), lambda _: 1.0, 0.0))[1]
    by_operations = divided(measured(0), lambda each: float(each["flops"] - 100 * each["token"]), 0.0)
    assert "in one fixed proportion" in verdict(tmp_path, by_operations)[1]
    assert "delayed on its own" in verdict(tmp_path, divided(measured(0), lambda _: 1.0, 0.05))[1]


def test_division_without_operations_is_told_too(tmp_path: Path) -> None:
    noisy = [{**each, "flops": None} for each in divided(measured(1), lambda each: float(each["flops"]), 0.05)]
    assert verdict(tmp_path, noisy)[0] is Measuredness.NOT_MEASURED


def test_a_file_that_says_so_itself_is_believed(tmp_path: Path) -> None:
    stated = [{**each, "origin": "derived"} for each in measured(0)]
    assert verdict(tmp_path, stated) == (
        Measuredness.NOT_MEASURED,
        "the file says itself that its times were computed",
    )
    provenance = (Provenance(column="wall_ns", origin="derived", by="total over layers"),)
    assert verdict(tmp_path, measured(0), provenance=provenance)[0] is Measuredness.NOT_MEASURED


def test_too_little_to_tell_is_no_verdict(tmp_path: Path) -> None:
    found, reasons = verdict(tmp_path, measured(0, tokens=4))
    assert found is Measuredness.UNKNOWN
    assert "too few" in reasons
    assert verdict(tmp_path, [event("Tokenize", 0, 5)])[0] is Measuredness.UNKNOWN


def test_coarse_clocks_are_no_division(tmp_path: Path) -> None:
    coarse = [{**each, "wall_ns": each["wall_ns"] // 50_000 * 50_000 + 50_000} for each in measured(2)]
    assert verdict(tmp_path, coarse)[0] is not Measuredness.NOT_MEASURED
