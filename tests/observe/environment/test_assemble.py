"""Facts become records: what does not fit its field is null with a reason, never an invalid record."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from assay.observe.environment.assemble import record
from assay.observe.environment.facts import Rows, Unknown
from assay.record.environment import Cpu, Git, Memory, NumaNode, Variable


def git(**facts: Any) -> tuple[Git, dict[str, str]]:
    made, gaps = record(Git, {"commit": "c", "branch": "b", "dirty": False, **facts}, "/git")
    return made, {gap.field: gap.reason for gap in gaps}


def test_known_facts_leave_no_gap() -> None:
    assert git() == (Git(commit="c", branch="b", dirty=False), {})


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (Unknown("detached"), "detached"),
        (None, "no reason"),
        (3, "can't be used"),
        ("", "can't be used"),
        (Unknown(""), "no reason"),
    ],
)
def test_what_does_not_fit_is_null_with_a_reason(fact: Any, said: str) -> None:
    made, gaps = git(branch=fact)
    assert made.branch is None
    assert said in gaps["/git/branch"]


def test_a_field_that_no_probe_fills_is_null_with_a_reason() -> None:
    made, gaps = record(Git, {}, "/git")
    assert made == Git(commit=None, branch=None, dirty=None)
    assert [gap.field for gap in gaps] == ["/git/commit", "/git/branch", "/git/dirty"]


@pytest.mark.parametrize("text", ["two\nlines", "tab\tbed", "x" * 5000, "bell\a", "lone \udcff surrogate", "sep\u2028"])
def test_odd_text_is_made_fit_for_a_name(text: str) -> None:
    made, gaps = git(branch=text)
    assert gaps == {}
    assert msgspec.json.decode(msgspec.json.encode(made), type=Git) == made


def test_numbers_out_of_range_are_no_counts() -> None:
    made, gaps = record(Cpu, {"sockets": -1, "l3_bytes": 2**70}, "/cpu")
    assert (made.sockets, made.l3_bytes) == (None, None)
    assert "can't be used" in {gap.field: gap.reason for gap in gaps}["/cpu/sockets"]


def test_rows_explain_their_own_gaps_and_lose_what_can_not_be_a_row() -> None:
    rows = Rows(NumaNode, ({"node": "x"}, {"node": 1, "cpus": (0,), "total_bytes": 5, "free_bytes": Unknown("why")}))
    made, gaps = record(Memory, {"nodes": rows}, "/memory")
    assert made.nodes == (NumaNode(node=1, cpus=(0,), total_bytes=5, free_bytes=None),)
    assert {gap.field: gap.reason for gap in gaps}["/memory/nodes/0/free_bytes"] == "why"


def test_the_value_of_a_variable_keeps_its_lines() -> None:
    made, _ = record(Variable, {"name": "OMP_X", "value": "a\nb"})
    assert made.value == "a\nb"
