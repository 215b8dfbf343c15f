from __future__ import annotations

import numpy as np
import pytest

from assay.compare.structure.align import align
from assay.compare.structure.cell import groups_of, label_of
from assay.compare.structure.sequences import aligned
from assay.record.documents.comparison import Cell


def _layers(durations: list[float], steps: tuple[str, ...] = ("Attention", "FFN")) -> dict[Cell, float]:
    return {
        Cell(name=step, layer=layer, phase="decode"): seconds
        for layer, seconds in enumerate(durations)
        for step in steps
    }


def test_equal_sides_are_paired_one_to_one() -> None:
    side = _layers([1.0, 1.0, 1.0])
    found = align(side, dict(reversed(side.items())))
    assert all(one == other for one, other in found.pairs)
    assert (len(found.pairs), found.only_before, found.only_after, found.notes) == (6, (), (), ())


@pytest.mark.parametrize("place", [0, 2, 5])
def test_one_inserted_layer_leaves_the_others_in_place_and_that_is_said(place: int) -> None:
    before = [1.0, 1.4, 0.7, 1.9, 1.1]
    after = [1.3 * seconds for seconds in before]
    after.insert(place, 5.0)
    found = align(_layers(before), _layers(after))
    assert {cell.layer for cell in found.only_after} == {place}
    assert all(other.layer == (one.layer or 0) + ((one.layer or 0) >= place) for one, other in found.pairs)
    assert "durations" in found.notes[0]


def test_a_layer_that_does_something_else_needs_no_durations() -> None:
    before = _layers([1.0] * 4)
    after: dict[Cell, float] = {}
    for layer in range(5):
        names = ("Router", "Experts", "Combine") if layer == 1 else ("Attention", "FFN")
        after |= {Cell(name=name, layer=layer, phase="decode"): 1.0 for name in names}
    found = align(before, after)
    assert [cell.layer for cell in found.only_after] == [1, 1, 1]
    assert [(one.layer, other.layer) for one, other in found.pairs if one.name == "FFN"] == [
        (0, 0),
        (1, 2),
        (2, 3),
        (3, 4),
    ]


def test_an_inserted_operator_shifts_numbers_in_names_and_no_pair() -> None:
    kinds = ["MatMul", "Add", "MatMul", "Softmax", "MatMul"]
    before = {Cell(name="graph", op=f"{kind}_{number}"): 1.0 for number, kind in enumerate(kinds)}
    more = [*kinds[:2], "Cast", *kinds[2:]]
    after = {Cell(name="graph", op=f"{kind}_{number}"): 1.0 for number, kind in enumerate(more)}
    found = align(before, after)
    assert [cell.op for cell in found.only_after] == ["Cast_2"]
    pairs = [(one.op, other.op) for one, other in found.pairs]
    assert pairs == [
        ("MatMul_0", "MatMul_0"),
        ("Add_1", "Add_1"),
        ("MatMul_2", "MatMul_3"),
        ("Softmax_3", "Softmax_4"),
        ("MatMul_4", "MatMul_5"),
    ]


def test_functions_are_paired_by_name_wherever_they_stand() -> None:
    before = {Cell(name=name, file="job.py"): 1.0 for name in ("read", "parse", "write")}
    after = {Cell(name=name, file="job.py"): 1.0 for name in ("write", "check", "read")}
    found = align(before, after)
    assert [one.name for one, _ in found.pairs] == ["read", "write"]
    assert ([cell.name for cell in found.only_before], [cell.name for cell in found.only_after]) == (
        ["parse"],
        ["check"],
    )


def test_the_longest_common_part_is_found() -> None:
    left, right = np.array(list("abcab")), np.array(list("bcdab"))
    pairs = aligned((left[:, None] == right[None, :]).astype(float))
    assert pairs == [(1, 0), (2, 1), (3, 3), (4, 4)]
    assert aligned(np.zeros((0, 3))) == []


def test_groups_are_steps_over_layers_and_layers_over_steps() -> None:
    cells = [*_layers([1.0, 1.0, 1.0]), Cell(name="Embed")]
    groups = groups_of(cells)
    assert {label_of(group): len(members) for group, members in groups.items()} == {
        "decode Attention": 3,
        "decode FFN": 3,
        "decode layer 0 all steps": 2,
        "decode layer 1 all steps": 2,
        "decode layer 2 all steps": 2,
    }
