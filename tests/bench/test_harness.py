from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.store import open_store
from bench.__main__ import main, suite_names
from bench.harness import Figure, Measured, Pair, Side, measure
from bench.keeping import RESULT_FILE, keep
from bench.table import RATIO_HEAD, markdown_table, ratio_rows, text_table


def _pair(name: str, ours: float, peer: float, log: list[str] | None = None) -> Pair:
    def side(label: str, value: float) -> Side:
        def work() -> float:
            if log is not None:
                log.append(f"{name} {label}")
            return value

        return Side(label, work)

    return Pair(name, side("ours", ours), side("peer", peer), unit="B")


def test_both_sides_of_every_pair_run_in_each_block_and_in_random_order() -> None:
    log: list[str] = []
    pairs = [_pair("x", 1, 2, log), _pair("y", 1, 2, log)]
    measure(pairs, blocks=20, seed=1)
    everything = {"x ours", "x peer", "y ours", "y peer"}
    blocks = [log[4 + 4 * i : 8 + 4 * i] for i in range(20)]
    assert all(set(block) == everything for block in blocks)
    assert len({tuple(block) for block in blocks}) > 4


def test_a_side_that_returns_nothing_is_timed() -> None:
    pair = Pair("p", Side("ours", lambda: None), Side("peer", lambda: sum(range(10_000)) and None))
    (result,) = measure([pair], blocks=3, seed=0)
    assert all(call.value == call.wall_ns / 1e9 > 0 for call in (*result.ours, *result.peer))


def test_a_ratio_is_read_with_its_interval_and_not_without() -> None:
    enough = measure([_pair("p", 1, 2)], blocks=6, seed=0)
    few = measure([_pair("p", 1, 2)], blocks=5, seed=0)
    assert ratio_rows(enough)[0][-3:] == ("0.5", "0.5 to 0.5", "ours is less")
    assert ratio_rows(few)[0][-1] == "too few blocks"
    assert ratio_rows(measure([_pair("p", 2, 2)], blocks=6, seed=0))[0][-1] == "no difference shown"
    assert ratio_rows(measure([_pair("p", 3, 2)], blocks=6, seed=0))[0][-1] == "ours is more"


def test_tables_line_up_in_text_and_are_tables_in_markdown() -> None:
    rows = ratio_rows(measure([_pair("a | b", 1, 2)], blocks=6, seed=0))
    text, markdown = text_table(RATIO_HEAD, rows), markdown_table(RATIO_HEAD, rows)
    assert text.splitlines()[0].index("peer") == text.splitlines()[1].index("2 B")
    assert {line.count("|") for line in markdown.splitlines()} == {len(RATIO_HEAD) + 1}


def test_each_side_of_a_pair_and_the_figures_become_runs(tmp_path: Path) -> None:
    results: list[Measured] = measure([_pair("p", 1, 2)], blocks=6, seed=0)
    store = open_store(tmp_path)
    ids = keep(store, "suite", results, [Figure("size", 5.0, "B", "at most 6")])
    peer, ours, figures = (store.get(id_) for id_ in ids)
    assert [run.record.position.side for run in (peer, ours, figures)] == ["A", "B", None]
    assert ours.spans().num_rows == 6
    assert json.loads(ours.file(RESULT_FILE).read_bytes())["ratio"]["median"] == 0.5
    assert json.loads(figures.file(RESULT_FILE).read_bytes())["figures"][0]["value"] == 5.0


def test_the_suites_are_found_by_name() -> None:
    pytest.importorskip("pandas", reason="a suite compares with pandas, which is not installed")
    assert {"spans", "vgpu.launch"} <= set(suite_names())
    assert main(["no such suite"]) == 2
