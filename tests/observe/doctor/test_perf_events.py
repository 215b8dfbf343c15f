"""Real attempts to open performance counters."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from assay.observe.doctor import perf_events
from assay.observe.doctor.perf_events import EVENTS, open_counter

UNAVAILABLE = {0, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENODEV}


@pytest.mark.parametrize("event", EVENTS)
def test_a_counter_opens_or_is_refused_for_a_reason_that_is_understood(event: str) -> None:
    assert open_counter(event, "own") in UNAVAILABLE


def test_nothing_stays_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for event in EVENTS:
        open_counter(event, "whole")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_unknown_architecture_has_no_such_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="vax"))
    assert perf_events.open_counter("cycles", "own") == errno.ENOSYS
