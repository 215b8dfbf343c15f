from __future__ import annotations

from assay.analyze.evidence.frames import FrameTree
from tests.analyze.makers import table


def tree(*rows: tuple[int, str, str, int]) -> FrameTree:
    names = ("parent", "file", "function", "line")
    return FrameTree(table("frames", [dict(zip(names, row, strict=True)) for row in rows]))


TREE = tree(
    (-1, "<frozen runpy>", "_run", 1),
    (0, "/home/me/job.py", "<module>", 30),
    (1, "/home/me/job.py", "load", 10),
    (2, "/usr/lib/python3.11/json/__init__.py", "loads", 346),
    (3, "/usr/lib/python3.11/json/decoder.py", "JSONDecoder.decode", 337),
    (1, "/opt/venv/lib/python3.11/site-packages/pandas/core/frame.py", "apply", 9),
    (5, "/home/me/job.py", "row", 12),
    (1, "/home/me/job.py", "load", 10),
)


def test_code_that_came_with_python_or_was_installed_is_not_the_targets_own() -> None:
    assert TREE.own.tolist() == [False, True, True, False, False, False, True, True]


def test_time_below_a_line_belongs_to_the_innermost_own_frame() -> None:
    assert TREE.site.tolist() == [-1, 1, 2, 2, 2, 1, 6, 7]


def test_the_same_line_reached_twice_is_one_place() -> None:
    assert TREE.place[2] == TREE.place[7]
    assert TREE.function_place[2] == TREE.function_place[7]
    assert TREE.place[1] != TREE.place[2]


def test_callees_count_below_their_site_only() -> None:
    json = TREE.matching(r"/json/.*decode")
    assert TREE.below_site(json).tolist() == [False, False, False, False, True, False, False, False]
    pandas = TREE.matching("pandas.*:apply$")
    assert TREE.below_site(pandas).tolist() == [False, False, False, False, False, True, False, False]
    assert TREE.above(pandas).tolist() == [False, False, False, False, False, True, True, False]


def test_a_program_that_is_a_library_module_is_looked_at_as_if_it_were_own_code() -> None:
    found = tree((-1, "<frozen runpy>", "_run", 1), (0, "/usr/lib/python3.11/json/tool.py", "main", 40))
    assert found.own.tolist() == [False, True]


def test_a_stack_reads_from_the_outside_in() -> None:
    assert TREE.stack(3)[-2:] == ("load (/home/me/job.py:10)", "loads (/usr/lib/python3.11/json/__init__.py:346)")
