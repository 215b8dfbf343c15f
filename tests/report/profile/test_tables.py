from __future__ import annotations

from tests.report.profiles import two_threads


def test_a_path_leads_from_the_program_to_the_frame() -> None:
    stacks = two_threads().stacks
    row = stacks.function.index("list_contains")
    path = stacks.path(row)
    assert [stacks.parent[one] for one in path] == [-1, *path[:-1]]
    assert path[-1] == row
