from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from assay.compare.asked import Asked
from assay.compare.traces import compare_traces
from assay.errors import UsageError
from assay.record.documents.comparison import Outcome
from assay.record.trace.lines import TraceClock
from tests.trace.makers import event, write


def _files(folder: Path, side: str, count: int = 8, factor: float = 1.0, **facts: object) -> list[Path]:
    """Traces of one process each, taken in turns with those of the other side."""
    random = np.random.default_rng([ord(side), count])
    files = []
    for number in range(count):
        events = []
        now_ns = 0
        for token, layer, step in product(range(8), range(3), ("Attention", "FFN")):
            planted = factor if (step, layer) == ("FFN", 1) else 1.0
            wall_ns = int(100_000 * planted * np.exp(random.normal(0, 0.01)))
            events.append(event(step, now_ns, wall_ns, layer=layer, token=token))
            now_ns += wall_ns
        turn = 2 * number + (side == "B") * (1 if number % 2 else -1)
        clock = TraceClock(start_ns=0, utc_ns=10**18 + turn * 10**9)
        files.append(write(folder / f"{side}{number}.jsonl", events, **{"clock": clock, "model": "tiny", **facts}))
    return files


def test_files_in_turns_show_the_cell_that_changed(tmp_path: Path) -> None:
    found = compare_traces(_files(tmp_path, "A"), _files(tmp_path, "B", factor=0.9), Asked())
    assert [line.label for line in found.cells if line.verdict is Outcome.CORROBORATED] == ["decode layer 1 FFN"]
    assert found.design is not None
    assert found.design.arrangement == "mixed"
    assert len(found.candidate.files) == 8


def test_requests_of_one_process_are_one_unit(tmp_path: Path) -> None:
    found = compare_traces(_files(tmp_path, "A", 1), _files(tmp_path, "B", 1, factor=0.5), Asked())
    assert found.verdict is Outcome.INCONCLUSIVE
    assert "at least 5" in found.headline


def test_another_model_is_not_comparable(tmp_path: Path) -> None:
    sides = _files(tmp_path, "A", 5), _files(tmp_path, "B", 5, model="large")
    assert [one.fact for one in compare_traces(*sides, Asked()).obstacles] == ["model"]
    assert compare_traces(*sides, Asked(across=frozenset({"model"}))).obstacles == ()


def test_what_traces_do_not_hold_is_refused(tmp_path: Path) -> None:
    files = _files(tmp_path, "A", 1)
    with pytest.raises(UsageError, match="energy_j"):
        compare_traces(files, _files(tmp_path, "B", 1), Asked(metric="energy_j"))
    with pytest.raises(UsageError, match="both sides"):
        compare_traces(files, files, Asked())
