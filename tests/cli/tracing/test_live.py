from __future__ import annotations

import pytest

from assay.cli.terminal.console import make_console
from assay.cli.tracing.live import LiveSteps
from tests.trace.makers import batch, event


def test_steps_are_added_up_and_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    events = [
        event("Attention", 0, 2_000, token=7),
        event("FFN", 3_000, 500, token=7),
        event("FFN", 4_000, 500, token=8),
    ]
    LiveSteps(make_console("never", "normal")).show(batch([*events, event("Request", 0, 9_000)]))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "decode, to token 8: Attention 2.00 µs  FFN 1.00 µs\n"


def test_nothing_is_said_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    LiveSteps(make_console("never", "normal")).show(batch([event("Request", 0, 9_000)]))
    assert capsys.readouterr().err == ""
