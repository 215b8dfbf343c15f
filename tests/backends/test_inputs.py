from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from assay.backends.adapters.onnxruntime.inputs import feed_for
from assay.backends.asked import Asked
from assay.backends.operators.graph import Graph, Node, Shape
from assay.errors import PlanError

EMPTY = Graph(name="", nodes=())


def wanted(name: str, kind: str, *shape: Any) -> Any:
    return SimpleNamespace(name=name, type=f"tensor({kind})", shape=list(shape))


def test_dimensions_of_one_name_are_of_one_size() -> None:
    inputs = [wanted("a", "float", "batch", "length", 4), wanted("b", "float", "batch", "length")]
    feed = feed_for(inputs, EMPTY, Asked(model="m", batch=3, prompt_tokens=5))
    assert (feed["a"].shape, feed["b"].shape) == ((3, 5, 4), (3, 5))
    assert feed["a"].dtype == np.float32


def test_a_size_that_is_set_counts() -> None:
    feed = feed_for([wanted("a", "float", "n", "m")], EMPTY, Asked(model="m", options={"m": "7"}))
    assert feed["a"].shape == (1, 7)


def test_numbers_of_tokens_stay_inside_the_table_that_they_choose_from() -> None:
    graph = Graph(
        name="",
        nodes=(Node(name="g", op="Gather", inputs=("table", "ids"), outputs=("e",)),),
        constants={"table": Shape("float", (1000, 8))},
    )
    feed = feed_for([wanted("ids", "int64", "batch", "seq")], graph, Asked(model="m", prompt_tokens=500))
    assert 2 < feed["ids"].max() < 1000


def test_masks_and_conditions_are_all_true() -> None:
    feed = feed_for([wanted("attention_mask", "int64", 2, 3), wanted("yes", "bool")], EMPTY, Asked(model="m"))
    assert feed["attention_mask"].all()
    assert feed["yes"].shape == ()
    assert bool(feed["yes"])


def test_one_seed_makes_one_input() -> None:
    inputs = [wanted("a", "float16", 4)]
    first, again, other = (feed_for(inputs, EMPTY, Asked(model="m", seed=seed))["a"] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_given_arrays_are_used_and_unknown_ones_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", a=np.zeros(2, np.float32))
    asked = Asked(model="m", inputs=tmp_path / "in.npz")
    assert feed_for([wanted("a", "float", 2)], EMPTY, asked)["a"].tolist() == [0, 0]
    with pytest.raises(PlanError, match="no input 'a'"):
        feed_for([wanted("b", "float", 2)], EMPTY, asked)


def test_what_is_no_file_of_arrays_or_no_tensor_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"no")
    with pytest.raises(PlanError, match=r"no \.npz file"):
        feed_for([], EMPTY, Asked(model="m", inputs=tmp_path / "bad.npz"))
    with pytest.raises(PlanError, match="can't be made up"):
        feed_for([wanted("s", "string", 2)], EMPTY, Asked(model="m"))
