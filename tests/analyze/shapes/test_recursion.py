from __future__ import annotations

import ast

import pytest

from assay.analyze.shapes.recursion import overlaps


@pytest.mark.parametrize(
    ("line", "overlapping"),
    [
        ("return f(n - 1) + f(n - 2)", True),
        ("return f(n - xs[-1], xs) + f(n, xs[:-1])", True),
        ("return max(f(a[1:], b), f(a, b[1:]))", True),
        ("return min(f(n - x) for x in xs)", True),
        ("return merge(f(a[:middle]), f(a[middle:]))", False),
        ("return f(n - 1) + 1", False),
        ("return sum(f(n + 1) for x in xs)", False),
        ("seen[n] = f(n - 1) + f(n - 2)", False),
    ],
)
def test_a_function_that_meets_its_smaller_cases_again_is_recognised(line: str, overlapping: bool) -> None:
    function = ast.parse(f"def f(n):\n    {line}\n").body[0]
    assert overlaps(function) is overlapping


def test_what_a_cache_keeps_is_not_computed_again() -> None:
    function = ast.parse("@functools.cache\ndef f(n):\n    return f(n - 1) + f(n - 2)\n").body[0]
    assert not overlaps(function)
