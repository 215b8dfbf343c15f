from __future__ import annotations

from assay.observe.stacks.tree import OUTSIDE, Frame, FrameTree

OUTER, INNER = Frame("main", "a.py", 3), Frame("work", "a.py", 9)


def test_a_stack_has_one_number_however_often_it_is_seen() -> None:
    tree = FrameTree()
    first = tree.stack([OUTER, INNER])
    assert tree.stack([OUTER, INNER]) == first
    assert tree.stack([INNER]) != first
    assert len(tree) == 3


def test_fresh_frames_are_handed_over_once_and_in_the_order_of_their_numbers() -> None:
    tree = FrameTree()
    tree.stack([OUTER, INNER])
    assert tree.take_fresh() == [(OUTSIDE, "main", "a.py", 3), (0, "work", "a.py", 9)]
    tree.stack([OUTER])
    assert tree.take_fresh() == []


def test_an_empty_stack_is_outside() -> None:
    assert FrameTree().stack([]) == OUTSIDE
