from __future__ import annotations

import os
import signal
import threading

import pytest

from assay.measure.target.stop import Interruption, StopRequests


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_wakes_whoever_waits_and_is_not_raised_once_heeded(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with StopRequests() as stop:
        os.kill(os.getpid(), number)
        assert os.eventfd_read(stop.descriptor) == 1
        assert stop.take() == 1
    assert signal.getsignal(number) is before


def _asked_to_stop(done: list[str], error: Exception | None = None) -> None:
    with StopRequests():
        os.kill(os.getpid(), signal.SIGTERM)
        if error is not None:
            raise error
        done.append("all of it")


def test_a_request_that_nobody_heeded_is_raised_at_the_end() -> None:
    done: list[str] = []
    with pytest.raises(Interruption):
        _asked_to_stop(done)
    assert done == ["all of it"]


def test_an_error_inside_is_not_hidden_by_a_request() -> None:
    with pytest.raises(RuntimeError, match="mine"):
        _asked_to_stop([], RuntimeError("mine"))


def test_outside_the_main_thread_nothing_is_changed() -> None:
    before, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with StopRequests() as stop:
            seen.append((signal.getsignal(signal.SIGINT), stop.count))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(before, 0)]
