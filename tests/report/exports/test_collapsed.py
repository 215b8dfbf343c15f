from __future__ import annotations

from assay.report.exports.collapsed import render
from tests.report.profiles import material


def test_each_line_is_a_stack_and_its_microseconds() -> None:
    lines = dict(line.rsplit(" ", 1) for line in render(material()).decode().splitlines())
    file = "/home/me/job.py"
    assert int(lines[f"process 100;wait ({file})"]) > 700_000
    assert abs(sum(map(int, lines.values())) - 1_600_000) < 50_000


def test_a_name_can_neither_end_its_frame_nor_its_line() -> None:
    lines = render(material("/a;b\n9")).decode().splitlines()
    assert all(line.rpartition(" ")[2].isdigit() for line in lines)
    assert "process 100;wait (/a:b\\n9)" in {line.rpartition(" ")[0] for line in lines}
