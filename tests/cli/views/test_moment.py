from __future__ import annotations

from assay.cli.terminal.style import paint
from assay.cli.views.moment import moment_lines
from assay.measure.observers.board import Doing, Moment
from assay.record.diagnosis.findings import Clock


def test_a_moment_says_what_it_uses_what_it_waits_for_and_where_it_is() -> None:
    moment = Moment(
        elapsed_s=12.5,
        busy_cores=1.02,
        rss_bytes=3 << 20,
        threads=4,
        processes=1,
        clocks=((Clock.CPU, 0.9), (Clock.LOCK, 0.1)),
        places=(Doing(function="work", file="/srv/job.py", line=3, share=0.75),),
    )
    assert [paint(line, color=False) for line in moment_lines(moment)] == [
        "assay 12.5 s  1.0 processors  3.00 MiB  4 threads in 1 process",
        "  now: 90% computing, 10% waiting for a lock",
        "   75%  work  job.py:3",
    ]


def test_what_is_not_known_yet_is_left_out() -> None:
    assert [paint(line, color=False) for line in moment_lines(Moment(elapsed_s=0.0))] == ["assay 0 s"]


def test_a_function_without_a_line_has_none() -> None:
    moment = Moment(elapsed_s=1.0, places=(Doing(function="memmove", file="/lib/libc.so.6", line=0, share=1.0),))
    assert paint(moment_lines(moment)[1], color=False) == "  100%  memmove  libc.so.6"
