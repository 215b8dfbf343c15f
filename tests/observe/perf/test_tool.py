from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from assay.observe.perf import tool
from assay.observe.perf.tool import end_tool, perf_obstacle, start_tool


def _counter(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    monkeypatch.setattr(tool, "perf_program", lambda: "/usr/bin/perf")
    monkeypatch.setattr(tool, "open_counter", lambda _event, _share: error)


def test_without_perf_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "perf_program", lambda: None)
    assert "apt-get install linux-perf" in str(perf_obstacle())


def test_a_kernel_that_refuses_is_told_with_the_command_that_would_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _counter(monkeypatch, errno.EACCES)
    assert "sysctl kernel.perf_event_paranoid" in str(perf_obstacle())
    _counter(monkeypatch, errno.ENOSYS)
    assert "no performance events" in str(perf_obstacle())
    _counter(monkeypatch, 0)
    assert perf_obstacle() is None


def test_a_tool_that_does_not_end_is_ended_and_its_complaint_kept() -> None:
    program = "import sys, time; print('bad\\n  luck', file=sys.stderr, flush=True); print(); time.sleep(60)"
    process = start_tool([sys.executable, "-u", "-c", program], stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert end_tool(process) == "bad luck"
    assert process.returncode == -9
    process.stdout.close()
