"""ONNX Runtime's profile against what each model has to run, call by call."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

import onnx

from assay.backends.adapters.onnxruntime.model import OnnxModel
from assay.backends.asked import Asked
from assay.backends.operators.measured import CountedRun, Profiled
from assay.backends.operators.origins import key_of
from assay.errors import PlanError, RecordError
from tests.backends.onnx_models import MODELS, node, save, value, weight

REPEAT = 2

CALLS: dict[str, dict[str, int]] = {
    "cnn": {"conv1": 1, "relu1": 1, "pool1": 1, "conv2": 1, "relu2": 1, "pool2": 1, "flat": 1, "head": 1},
    "lstm": {"lstm": 1, "squeeze": 1},
    "if": {"choice": 1, "inner": 1, "last": 2},
    "loop": {"repeat": 1, "inner": 5, "bend": 5, "keep_on": 5},
    "nested_loop": {"repeat": 1, "again": 3, "inner": 15, "keep_on": 15},
    "scan": {"scan": 1, "step": 16, "copy": 16},
    "tiny": {f"op{place}": 1 for place in range(150)},
}
"""How often each of a model's nodes runs when the model runs once."""


def profiled(path: Path, **asked: object) -> Profiled:
    wanted = Asked(model=str(path), repeat=REPEAT, threads=1, **asked)  # type: ignore[arg-type]
    model = OnnxModel(wanted)
    try:
        return model.profile(wanted, lambda _done, _of: None)
    finally:
        model.close()


def calls_of(run: CountedRun, found: Profiled) -> Counter[str]:
    return Counter(name for call in run.calls for name in found.nodes_of[key_of(call.placed.node)])


@pytest.mark.parametrize("name", MODELS)
def test_times_of_all_calls_and_the_gap_add_up_to_each_run(name: str, tmp_path: Path) -> None:
    found = profiled(MODELS[name](tmp_path / f"{name}.onnx"))
    assert len(found.runs) == REPEAT == len(found.with_ns) == len(found.without_ns)
    for run in (found.cold, *found.runs):
        inside = sum(call.placed.call.self_ns for call in run.calls)
        # each execution of a graph may be a microsecond longer than its calls by rounding, never shorter
        assert inside + run.gap_ns == run.wall_ns


@pytest.mark.parametrize("name", CALLS)
def test_each_node_of_the_model_is_called_as_often_as_the_model_says(name: str, tmp_path: Path) -> None:
    found = profiled(MODELS[name](tmp_path / f"{name}.onnx"))
    for run in found.runs:
        assert calls_of(run, found) == CALLS[name]


@pytest.mark.parametrize("name", MODELS)
def test_operations_and_bytes_of_every_call_are_known(name: str, tmp_path: Path) -> None:
    found = profiled(MODELS[name](tmp_path / f"{name}.onnx"))
    assert [call.reason for run in found.runs for call in run.calls if call.work is None] == []


def test_padding_by_the_runtime_is_no_work_of_the_model(tmp_path: Path) -> None:
    found = profiled(MODELS["cnn"](tmp_path / "cnn.onnx"), batch=2)
    flops = {
        names[0]: call.work.flops
        for call in found.runs[0].calls
        if call.work and (names := found.nodes_of[key_of(call.placed.node)])
    }
    assert flops["conv1"] // (2 * 20 * 32 * 32) == 2 * 3 * 3 * 3 + 1 + ("relu1" in next(iter(found.nodes_of.values())))
    assert flops["head"] == 2 * 10 * (2 * 32 + 1)


def test_free_dimensions_take_the_sizes_that_were_asked_for(tmp_path: Path) -> None:
    found = profiled(MODELS["transformer"](tmp_path / "t.onnx"), batch=3, prompt_tokens=7)
    up = next(call for call in found.runs[0].calls if found.nodes_of[key_of(call.placed.node)] == ("up",))
    assert up.work is not None
    assert up.work.flops == 2 * 3 * 7 * 64 * 256


def test_a_packed_weight_still_counts_as_read(tmp_path: Path) -> None:
    found = profiled(MODELS["transformer"](tmp_path / "t.onnx"), batch=1, prompt_tokens=4)
    down = next(call for call in found.runs[0].calls if found.nodes_of[key_of(call.placed.node)] == ("down",))
    assert down.work is not None
    assert down.work.read_bytes == 4 * (4 * 256 + 256 * 64)


def test_an_operator_that_the_table_does_not_have_is_unknown_and_says_so(tmp_path: Path) -> None:
    nodes = [node("Det", ["x"], ["d"], "determinant"), node("Relu", ["d"], ["y"], "bend")]
    found = profiled(save(tmp_path / "det.onnx", nodes, [value("x", [2, 3, 3])], [value("y", [2])], []))
    reasons = {call.placed.node.op: call.reason for call in found.runs[0].calls}
    assert reasons == {"Det": "the table of operators has no Det", "Relu": ""}


def test_nodes_that_depend_on_constants_alone_are_told_as_left_out(tmp_path: Path) -> None:
    nodes = [node("Add", ["a", "b"], ["ab"], "folded"), node("Mul", ["x", "ab"], ["y"], "used")]
    model = save(tmp_path / "f.onnx", nodes, [value("x", [4])], [value("y", [4])], [weight("a", 4), weight("b", 4)])
    assert profiled(model).folded == ("folded",)


def test_calls_lie_inside_of_their_run_on_this_machines_clock(tmp_path: Path) -> None:
    found = profiled(MODELS["loop"](tmp_path / "loop.onnx"))
    for run in found.runs:
        for call in run.calls:
            assert run.start_ns <= call.start_ns
            assert call.start_ns + call.placed.call.wall_ns <= run.start_ns + run.wall_ns


def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(b"\x08\xff nonsense")
    with pytest.raises(RecordError, match="no ONNX model"):
        profiled(bad)


def test_what_the_runtime_refuses_is_one_line(tmp_path: Path) -> None:
    path = save(tmp_path / "u.onnx", [node("NoSuchThing", ["x"], ["y"])], [value("x", [1])], [value("y", [1])], [])
    with pytest.raises(PlanError) as caught:
        profiled(path)
    assert "\n" not in str(caught.value)


def test_weights_in_a_file_of_their_own_are_found(tmp_path: Path) -> None:
    path = save(
        tmp_path / "e.onnx",
        [node("MatMul", ["x", "w"], ["y"], "p")],
        [value("x", [1, 64])],
        [value("y", [1, 64])],
        [weight("w", 64, 64)],
    )
    model = onnx.load(str(path))
    onnx.save_model(model, str(path), save_as_external_data=True, location="weights.bin", size_threshold=0)
    assert (tmp_path / "weights.bin").stat().st_size >= 64 * 64 * 4
    found = profiled(path)
    assert [call.work.flops for call in found.runs[0].calls if call.work] == [2 * 64 * 64]


def test_a_branch_is_told_by_what_it_ran(tmp_path: Path) -> None:
    import numpy as np

    path = MODELS["if"](tmp_path / "if.onnx")
    arrays = tmp_path / "no.npz"
    np.savez(arrays, yes=np.array(False))
    for inputs, op in ((None, "Tanh"), (arrays, "Relu")):
        found = profiled(path, inputs=inputs)
        assert op in {call.placed.node.op for call in found.runs[0].calls if call.placed.depth == 1}


def test_the_number_of_turns_may_differ_from_run_to_run_of_one_model(tmp_path: Path) -> None:
    import numpy as np

    path = MODELS["loop"](tmp_path / "loop.onnx")
    model = onnx.load(str(path))
    del model.graph.initializer[1:]
    model.graph.input.append(value("n", [], onnx.TensorProto.INT64))
    onnx.save(model, str(path))
    np.savez(tmp_path / "n.npz", n=np.array(9))
    found = profiled(path, inputs=tmp_path / "n.npz")
    assert calls_of(found.runs[0], found)["inner"] == 9


def test_what_gives_no_tensor_is_unknown(tmp_path: Path) -> None:
    nodes = [
        node("SplitToSequence", ["x"], ["parts"], "split", axis=0),
        node("ConcatFromSequence", ["parts"], ["y"], "join", axis=0),
    ]
    found = profiled(save(tmp_path / "s.onnx", nodes, [value("x", [4, 8])], [value("y", [4, 8])], []))
    assert [bool(call.reason) for call in found.runs[0].calls] == [True, True]


def test_a_branch_in_a_loop_is_told_turn_by_turn(tmp_path: Path) -> None:
    found = profiled(MODELS["branch_in_loop"](tmp_path / "m.onnx"))
    assert calls_of(found.runs[0], found) == {
        "repeat": 1, "inner": 5, "keep_on": 5, "parity": 5, "even": 5, "choice": 5, "act": 5,
    }  # fmt: skip
    kinds = Counter(call.placed.node.op for call in found.runs[0].calls if call.placed.depth == 2)
    assert kinds == {"Tanh": 3, "Relu": 2}
