"""Profiles, graphs and the table of operators, without the runtime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.backends.operators.graph import Graph, Node, Shape, graphs_of
from assay.backends.operators.matching import aligned, place
from assay.backends.operators.origins import key_of, origins_of
from assay.backends.operators.profile import MOST_EVENTS, read_profile, shapes_in
from assay.backends.operators.table import RULES, work_of
from assay.backends.operators.work import Executed, Unknown, Work
from assay.errors import RecordError


def event(name: str, ts: int, dur: int, cat: str = "Session", **args: Any) -> dict[str, Any]:
    return {"cat": cat, "pid": 1, "tid": 1, "ph": "X", "name": name, "ts": ts, "dur": dur, "args": args}


def kernel(name: str, ts: int, dur: int, op: str = "Relu", index: int = 0) -> dict[str, Any]:
    shapes = [{"float": [4]}]
    args = {"op_name": op, "node_index": str(index), "input_type_shape": shapes, "output_type_shape": shapes}
    return event(f"{name}_kernel_time", ts, dur, "Node", **args)


def run_of(*nodes: dict[str, Any], ts: int, dur: int) -> list[dict[str, Any]]:
    return [*nodes, event("SequentialExecutor::Execute", ts + 1, dur - 2), event("model_run", ts, dur)]


def written(path: Path, events: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(events), encoding="utf-8")
    return path


INNER = [kernel("a", 120, 5), kernel("b", 130, 5), event("SequentialExecutor::Execute", 118, 20)]
LOOP = run_of(
    kernel("a", 103, 10),
    *INNER,
    *[{**each, "ts": each["ts"] + 30} for each in INNER],
    kernel("loop", 115, 60, "Loop"),
    ts=100,
    dur=90,
)


def test_what_a_node_ran_is_inside_of_it_and_nothing_else(tmp_path: Path) -> None:
    (run,) = read_profile(written(tmp_path / "p.json", LOOP))
    first, loop = run.execution.calls
    assert (first.name, first.executions) == ("a", [])
    assert [[call.name for call in each.calls] for each in loop.executions] == [["a", "b"], ["a", "b"]]
    assert loop.self_ns == (60 - 2 * 20) * 1000


def test_own_times_and_the_gap_are_the_run(tmp_path: Path) -> None:
    (run,) = read_profile(written(tmp_path / "p.json", LOOP))
    loop = run.execution.calls[1]
    own = run.execution.calls[0].self_ns + loop.self_ns + 4 * 5_000
    assert own + run.gap_ns == run.wall_ns


@pytest.mark.parametrize(
    "events",
    [LOOP[:-1], [*LOOP, kernel("z", 300, 1)], LOOP[:3], [event("model_run", 1, 9)], [*LOOP, *LOOP[-2:]][:-1]],
    ids=["no run", "a node behind the last run", "an end in a loop", "a run of nothing", "half of a run"],
)
def test_a_profile_that_is_not_whole_is_refused_with_the_reason(events: list[dict[str, Any]], tmp_path: Path) -> None:
    path = written(tmp_path / "p.json", events)
    with pytest.raises(RecordError, match="cut off or rotated"):
        read_profile(path)


def test_a_profile_whose_text_ends_early_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(LOOP)[:-40], encoding="utf-8")
    with pytest.raises(RecordError, match="cut off"):
        read_profile(path)


def test_a_profile_that_says_it_was_truncated_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"was cut off: it holds 9 events|cut off"):
        read_profile(written(tmp_path / "p.json", [*LOOP, event("profile_truncated", 500, 0)]))
    assert MOST_EVENTS == 1_000_000


def test_shapes_of_no_tensor_are_passed_over() -> None:
    assert shapes_in([{"float": [2, 3]}, {"seq": "?"}, 7, {"int64": []}]) == (
        Shape("float", (2, 3)),
        Shape("int64", ()),
    )
    assert shapes_in(None) == ()


def graph(*nodes: Node, name: str = "", **rest: Any) -> Graph:
    return Graph(name=name, nodes=nodes, **rest)


def relu(name: str, source: str, target: str, op: str = "Relu", **rest: Any) -> Node:
    return Node(name=name, op=op, inputs=(source,), outputs=(target,), **rest)


def test_nodes_of_one_name_in_two_graphs_are_told_apart(tmp_path: Path) -> None:
    body = graph(relu("a", "i", "j"), relu("b", "j", "k"), name="loop.body")
    whole = graph(relu("a", "x", "y"), relu("loop", "y", "z", "Loop", bodies=(body,)))
    (run,) = read_profile(written(tmp_path / "p.json", LOOP))
    placed = list(place(run.execution, whole))
    assert [(each.graph.name, each.node.name, each.depth) for each in placed] == [
        ("", "a", 0), ("", "loop", 0), ("loop.body", "a", 1), ("loop.body", "b", 1), ("loop.body", "a", 1),
        ("loop.body", "b", 1),
    ]  # fmt: skip
    assert [each.name for each in graphs_of(whole)] == ["", "loop.body"]


def test_a_call_that_is_missing_is_noticed(tmp_path: Path) -> None:
    body = graph(relu("a", "i", "j"), relu("b", "j", "k"), relu("c", "k", "l"), name="loop.body")
    whole = graph(relu("a", "x", "y"), relu("loop", "y", "z", "Loop", bodies=(body,)))
    (run,) = read_profile(written(tmp_path / "p.json", LOOP))
    with pytest.raises(RecordError, match="does not hold"):
        list(place(run.execution, whole))
    with pytest.raises(RecordError, match="2 calls were profiled of a graph of 3 nodes"):
        list(place(run.execution, body))


X, W, B = Shape("float", (2, 8)), Shape("float", (8, 8)), Shape("float", (8,))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([X, W, B], (X, W, B)),
        ([X, B], (X, W, B)),
        ([X], (X, W, B)),
        ([W, B], (W, W, B)),
        ([], None),
        ([X, X, X, X], None),
    ],
)
def test_weights_that_were_packed_away_keep_their_place(given: list[Shape], expected: Any) -> None:
    node = Node(name="g", op="Gemm", inputs=("x", "w", "b"), outputs=("y",))
    assert aligned(node, given, graph(node, constants={"w": W, "b": B})) == expected


def test_an_option_that_was_left_out_has_no_shape() -> None:
    node = Node(name="c", op="Clip", inputs=("x", "", "m"), outputs=("y",))
    scalar = Shape("float", ())
    assert aligned(node, [X, scalar], graph(node)) == (X, None, scalar)


def test_a_fused_node_stands_for_what_lies_between_its_tensors() -> None:
    model = graph(
        relu("conv", "x", "c", "Conv"), relu("act", "c", "r"), relu("pool", "r", "p", "MaxPool"), inputs=("x",)
    )
    fused = graph(relu("f", "x", "r", "FusedConv"), relu("pool", "r", "p", "MaxPool"))
    origins = origins_of(model, fused)
    assert {key: [node.name for node in nodes] for key, nodes in origins.nodes.items()} == {
        "r": ["conv", "act"],
        "p": ["pool"],
    }
    assert origins.folded == ()


def test_nodes_behind_tensors_that_the_model_does_not_know_are_shared_out() -> None:
    model = graph(
        relu("conv", "x", "c", "Conv"), relu("act", "c", "r"), relu("pool", "r", "p", "MaxPool"), inputs=("x",)
    )
    executed = graph(
        relu("turn", "x", "t0", "ReorderInput"),
        relu("r_nchwc", "t0", "t1", "Conv"),
        relu("p_nchwc", "t1", "t2", "MaxPool"),
        relu("back", "t2", "p", "ReorderOutput"),
    )
    found = origins_of(model, executed).nodes
    assert {key: [node.name for node in nodes] for key, nodes in found.items()} == {
        "t0": [],
        "t1": ["conv", "act"],
        "t2": ["pool"],
        "p": [],
    }


def test_a_node_that_nothing_stands_for_is_folded() -> None:
    model = graph(
        relu("once", "w", "v"), Node(name="m", op="Mul", inputs=("x", "v"), outputs=("y",)), constants={"w": B}
    )
    executed = graph(Node(name="m", op="Mul", inputs=("x", "v"), outputs=("y",)), constants={"v": B})
    assert origins_of(model, executed).folded == ("once",)
    assert key_of(model.nodes[1]) == "y"


def call(op: str, inputs: list[tuple[int, ...] | None], outputs: list[tuple[int, ...]], **attributes: Any) -> Executed:
    return Executed(
        node=Node(name="n", op=op, domain=attributes.pop("domain", ""), attributes=attributes),
        inputs=tuple(None if dims is None else Shape("float", dims) for dims in inputs),
        outputs=tuple(Shape("float", dims) for dims in outputs),
    )


@pytest.mark.parametrize(
    ("executed", "flops"),
    [
        (call("MatMul", [(2, 3, 5), (5, 7)], [(2, 3, 7)]), 2 * 2 * 3 * 5 * 7),
        (call("FusedMatMul", [(5, 3), (5, 7)], [(3, 7)], transA=1), 2 * 3 * 5 * 7),
        (call("Gemm", [(3, 5), (7, 5), (7,)], [(3, 7)], transB=1), 2 * 3 * 5 * 7 + 3 * 7),
        (call("Gemm", [(5, 3), (5, 7)], [(3, 7)], transA=1), 2 * 3 * 5 * 7),
        (call("Conv", [(1, 4, 8, 8), (6, 2, 3, 3), (6,)], [(1, 6, 8, 8)], group=2), 6 * 64 * (2 * 18 + 1)),
        (call("ConvTranspose", [(1, 4, 8, 8), (4, 6, 2, 2)], [(1, 6, 16, 16)]), 2 * 4 * 64 * 6 * 4),
        (call("LSTM", [(5, 2, 3), (1, 16, 3), (1, 16, 4)], [(5, 1, 2, 4)], hidden_size=4), 10 * 4 * (8 * 7 + 13)),
        (call("GRU", [(5, 2, 3), (2, 12, 3), (2, 12, 4)], [], direction="bidirectional"), 80 * (6 * 7 + 11)),
        (call("Einsum", [(2, 3, 4), (2, 4, 5)], [(2, 3, 5)], equation="bij,bjk->bik"), 2 * 2 * 3 * 4 * 5),
        (call("Softmax", [(2, 8)], [(2, 8)]), 5 * 16),
        (call("MaxPool", [(1, 2, 8, 8)], [(1, 2, 4, 4)], kernel_shape=(2, 2)), 4 * 32),
        (call("ReduceSum", [(4, 8)], [(4,)]), 32),
        (call("Resize", [(1, 1, 4, 4)], [(1, 1, 8, 8)], mode="linear"), 2 * 4 * 64),
        (call("MatMulNBits", [(3, 64)], [(3, 7)], K=64, N=7), 2 * 3 * 7 * 64),
        (call("MultiHeadAttention", [(1, 3, 8), (1, 5, 8), (1, 5, 8)], [(1, 3, 8)], num_heads=2), 2 * 15 * 16 + 5 * 30),
        (call("Attention", [(1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 5, 4)], [(1, 2, 3, 4)]), 2 * 15 * 16 + 5 * 30),
        (call("Add", [(4, 1), (3,)], [(4, 3)]), 12),
        (call("Reshape", [(4, 3), (1,)], [(12,)]), 0),
    ],
)  # fmt: skip
def test_operations_are_those_of_the_definition(executed: Executed, flops: int) -> None:
    assert work_of(executed).flops == flops


def test_a_choice_reads_what_it_gives_and_not_the_whole_table() -> None:
    executed = Executed(
        node=Node(name="g", op="Gather"),
        inputs=(Shape("float", (50_000, 64)), Shape("int64", (3,))),
        outputs=(Shape("float", (3, 64)),),
    )
    assert work_of(executed) == Work(flops=0, read_bytes=3 * 8 + 3 * 64 * 4, written_bytes=3 * 64 * 4)


def test_a_loop_moves_only_what_it_puts_together() -> None:
    node = Node(name="l", op="Loop", inputs=("n", "", "v"))
    shapes = (Shape("float", (4,)), Shape("float", (9, 4)))
    executed = Executed(node=node, inputs=(None, None, shapes[0]), outputs=shapes)
    assert work_of(executed) == Work(flops=0, read_bytes=9 * 16, written_bytes=9 * 16)


def test_small_types_take_their_bits() -> None:
    assert (Shape("int4", (3,)).nbytes, Shape("bfloat16", (3,)).nbytes, Shape("string", (3,)).nbytes) == (2, 6, None)


@pytest.mark.parametrize(
    "executed",
    [
        call("Frobnicate", [(1,)], [(1,)]),
        call("Einsum", [(2, 2)], [(2,)], equation="...i->i"),
        call("Resize", [(1, 1, 4, 4)], [(1, 1, 8, 8)], mode="cubic"),
        call("MatMul", [None, (2, 2)], [(2, 2)]),
        call("Conv", [(1,), (1,)], []),
    ],
)
def test_what_is_not_known_is_never_a_number(executed: Executed) -> None:
    with pytest.raises(Unknown):
        work_of(executed)


@pytest.mark.parametrize("op", sorted(RULES))
def test_no_shape_makes_the_table_fail_otherwise_than_by_saying_so(op: str) -> None:
    for shapes in ([], [()], [(2,)], [(2, 2), (2, 2)], [(1, 2, 3), None, (4,)]):
        for outputs in ([], [(2,)], [(2, 2, 2)]):
            try:
                found = work_of(call(op, list(shapes), list(outputs)))
            except Unknown:
                continue
            assert min(found.flops, found.read_bytes, found.written_bytes) >= 0
