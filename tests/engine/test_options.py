from __future__ import annotations

import os

from assay.engine.options import NOBODY, EngineOptions, usable_processors


def test_as_many_threads_are_usable_as_the_process_may_run_on() -> None:
    assert usable_processors() == len(os.sched_getaffinity(0))


def test_weights_stay_as_they_are_unless_told_otherwise() -> None:
    assert EngineOptions().precision == "auto"
    assert NOBODY.invocation == -1
