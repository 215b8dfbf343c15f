from __future__ import annotations

from types import ModuleType

import pytest

from assay.trace.recording import choose
from assay.trace.recording.ring import PythonRing


def test_without_a_native_core_stamps_go_to_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "active", ModuleType("none"))
    ring = choose.open_ring(100, cpu_time=False)
    assert isinstance(ring, PythonRing)
    assert ring.source == "clock_gettime"
