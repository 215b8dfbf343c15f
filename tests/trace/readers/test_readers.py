"""Files of other tools: recognised by what they hold, told with the time of each part, refused where not whole."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from assay.errors import RecordError
from assay.record.documents.inference.trace import TraceReport
from assay.record.trace.columns import SELF_NS
from assay.trace.analysis.summary import summarise
from assay.trace.reading import READERS, open_trace, read_head
from tests.trace.readers.foreign_files import FILES, onnxruntime, ort_event, ort_node, ort_run


def told(tmp_path: Path, text: str) -> TraceReport:
    path = tmp_path / "given"
    path.write_text(text)
    return summarise(open_trace(path), path, None)


def rows(tmp_path: Path, text: str) -> list[dict[str, Any]]:
    path = tmp_path / "given"
    path.write_text(text)
    return [row for each in open_trace(path).events() for row in each.to_pylist()]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_recognised_by_one_reader_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / "nameless"
    for text in (FILES[name](), json.dumps(json.loads(FILES[name]()), indent=2), "\n " + FILES[name]()):
        path.write_text(text)
        head = read_head(path)
        assert [other for other in READERS.names() if READERS.load(other).recognises(head)] == [name]
        assert open_trace(path).reader == name


def test_nodes_of_control_flow_count_their_own_time_once(tmp_path: Path) -> None:
    report = told(tmp_path, onnxruntime())
    totals = {(line.step, line.op): (line.wall.count, line.wall.total_ns) for line in report.steps}
    assert totals == {
        ("FFN", "MatMul"): (4, 2 * 60_000),
        ("Other", "Loop"): (2, 2 * 50_000),
        ("Other", "If"): (2, 2 * 20_000),
        ("FFN", "Add"): (2, 2 * 10_000),
    }
    assert report.uncovered.total_ns == 400_000
    assert report.uncovered.uncovered_ns == 400_000 - 280_000


def test_equal_indices_and_names_in_subgraphs_are_told_apart(tmp_path: Path) -> None:
    found = {row["kernel"] for row in rows(tmp_path, onnxruntime()) if row["op"] in ("MatMul", "Add")}
    matmul = "/model/layers.3/mlp/MatMul#0"
    assert found == {matmul, f"loop#1/{matmul}", f"loop#1/inner_if#1/{matmul}"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (onnxruntime()[:-1], "cut off"),
        (onnxruntime()[: len(onnxruntime()) // 2], "cut off"),
        (json.dumps([*ort_run(0)[:-1]]), "no run of the model is whole"),
        (json.dumps([ort_node("late", "Add", 0, 900, 5), *ort_run(0)]), "ran in no run of the file"),
        (json.dumps([ort_node("early", "Add", 0, 2, 5), *ort_run(100)]), "ran in no run of the file"),
        (json.dumps([ort_event("Session", "model_run", 0, -5)]), "times that no clock gives"),
    ],
)
def test_profiles_that_are_not_whole_are_refused_with_a_reason(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RecordError, match=words) as caught:
        told(tmp_path, text)
    assert caught.value.remedy


def test_a_profile_at_the_limit_of_events_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.trace.readers import onnxruntime as reader

    monkeypatch.setattr(reader, "MOST_EVENTS", 17)
    with pytest.raises(RecordError, match="stops recording without a word"):
        told(tmp_path, onnxruntime())


def test_operators_of_pytorch_have_step_and_layer_of_the_module_around_them(tmp_path: Path) -> None:
    found = rows(tmp_path, FILES["chrome"]())
    mm = [(row["step"], row["layer"], row["wall_ns"]) for row in found if row["op"] == "aten::mm"]
    assert mm == [("Attention", 2, 20_250), ("FFN", 2, 10_000)]
    kernel = next(row for row in found if row["device"] == "gpu:0")
    assert (kernel["op"], kernel["wall_ns"]) == ("void gemm", 12_000)
    layer = next(row for row in found if row["op"] == "LlamaDecoderLayer")
    assert layer[SELF_NS] == 80_500 - 40_000 - 20_000
    assert any(row["step"] == "Sample" and row["wall_ns"] == 10_000 for row in found)
    assert "PyTorch Profiler (0)" not in {row["kernel"] for row in found}


def test_events_that_end_after_their_parent_are_cut_and_counted(tmp_path: Path) -> None:
    events = [{"ph": "X", "name": name, "ts": ts, "dur": 10, "pid": 1, "tid": 1} for name, ts in (("a", 0), ("b", 5))]
    found = told(tmp_path, json.dumps(events))
    assert "1 events end after" in found.remarks[0]
    assert sum(line.wall.total_ns for line in found.steps) == 10_000


def test_modules_of_vllm_are_told_by_phase_step_and_layer(tmp_path: Path) -> None:
    report = told(tmp_path, FILES["vllm_layerwise"]())
    layers = {(line.phase, line.step, line.layer, line.op): line.wall.total_ns for line in report.layers}
    assert layers["decode", "Attention", 0, "QKVParallelLinear"] == 30_000
    assert layers["decode", "Attention", 1, "LlamaAttention"] == 10_000
    assert layers["prefill", "Attention", 1, "LlamaAttention"] == 60_000
    assert layers["prefill", "FFN", 0, "LlamaMLP"] == 55_000
    assert sum(line.wall.total_ns for line in report.steps) == (2 * 90 + 120 + 2 * 40 + 120) * 1000
    assert report.model == "some/model"


def test_a_mean_run_of_tensorrt_says_that_it_is_one(tmp_path: Path) -> None:
    report = told(tmp_path, FILES["tensorrt"]())
    assert {(line.step, line.layer): line.wall.total_ns for line in report.layers} == {
        ("Attention", 0): 2_000_000,
        ("FFN", 0): 6_000_000,
    }
    assert "mean of 100 runs" in report.remarks[0]


def test_samples_of_llama_bench_are_runs_of_a_phase(tmp_path: Path) -> None:
    report = told(tmp_path, FILES["llama_bench"]())
    assert {(line.step, line.phase): line.wall.count for line in report.steps} == {
        ("Run", "prefill"): 2,
        ("Run", "decode"): 1,
    }
    assert (report.model, report.threads, report.build) == ("llama 1B Q4_0", 2, "abc1234 (42)")
    lines = "\n".join(json.dumps(each) for each in json.loads(FILES["llama_bench"]()))
    assert told(tmp_path, lines).events == 3


@pytest.mark.parametrize("name", FILES)
def test_mutated_files_are_told_or_refused_in_one_line(tmp_path: Path, name: str) -> None:
    whole, chance = FILES[name](), random.Random(name)
    refused, told_ = [], 0
    for _ in range(int(os.environ.get("ASSAY_TEST_MUTATIONS", "150"))):
        try:
            told(tmp_path, _mutated(whole, chance))
            told_ += 1
        except RecordError as error:
            refused.append(str(error))
    assert refused
    assert [text for text in refused if "\n" in text or len(text) > 2000] == []


@pytest.mark.parametrize("name", FILES)
def test_nesting_bombs_and_absurd_numbers_are_refused(tmp_path: Path, name: str) -> None:
    whole = FILES[name]()
    bombs = [
        whole.replace("{", "[" * 50_000 + "{", 2),
        _replaced_numbers(whole, "1e308"),
        _replaced_numbers(whole, "-9e18"),
    ]
    for bomb in bombs:
        try:
            told(tmp_path, bomb)
        except RecordError as error:
            assert "\n" not in str(error)  # noqa: PT017 -- both answers are right, a traceback is not


def _replaced_numbers(text: str, number: str) -> str:
    import re

    return re.sub(r"(?<=: )-?\d+(?:\.\d+)?", number, text)


def _mutated(whole: str, chance: random.Random) -> str:
    data = list(whole)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.choice('{}[]",:0-e9\\ntrue\x00\u202e')
            case 1:
                del data[at : at + chance.randint(1, 60)]
            case 2:
                data[at:at] = data[max(0, at - 80) : at]
            case _:
                data[at:at] = list(str(chance.randint(-(10**25), 10**25)))
    return "".join(data)
