from __future__ import annotations

from typing import Any

import pytest

from assay.cli.profiling.options import Wanted
from assay.errors import UsageError
from assay.measure.streams.routes import Streams


def _wanted(**given: Any) -> Wanted:
    nothing: dict[str, Any] = {
        "name": "", "workload": "", "tag": None, "collectors": (), "timeout_s": None, "duration_s": None,
        "warmup_s": None, "pid": None, "capture": False, "live": False, "leave_running": False, "passes": 1,
        "folders": (), "fail_on": (),
    }  # fmt: skip
    return Wanted(**{**nothing, **given})


@pytest.mark.parametrize(
    ("given", "argv", "message"),
    [
        ({}, (), "no command"),
        ({"pid": 7}, ("true",), "launches nothing"),
        ({"pid": 7, "timeout_s": 3.0}, (), "--timeout"),
        ({"pid": 7, "capture": True}, (), "--capture"),
        ({"pid": 7, "leave_running": True}, (), "--leave-running"),
        ({"pid": 7, "passes": 2}, (), "--passes"),
        ({"collectors": ("stacks", "pyspy")}, ("true",), "'pyspy' and 'stacks' write the same tables"),
        ({"duration_s": 3.0, "warmup_s": 3.0}, ("true",), "after the warm-up"),
    ],
)
def test_what_excludes_each_other_is_refused_with_a_way_out(
    given: dict[str, Any], argv: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        _wanted(**given).check(argv)
    assert caught.value.remedy


def test_what_was_asked_for_is_in_the_plan() -> None:
    wanted = _wanted(duration_s=5.0, warmup_s=1.0, capture=True, leave_running=True, timeout_s=9.0)
    wanted.check(("true",))
    command = wanted.command(("true",))
    assert (command.streams, command.leave_running) == (Streams.CAPTURED, True)
    plan = wanted.plan(command)
    assert plan.timeout_s == 9.0
    assert [(option.name, option.value) for option in plan.options] == [
        ("profile.capture", True),
        ("profile.duration_s", 5.0),
        ("profile.leave_running", True),
        ("profile.warmup_s", 1.0),
    ]


def test_by_default_streams_stay_untouched_and_the_plan_says_nothing_more() -> None:
    command = _wanted().command(("true",))
    assert command.streams is Streams.UNTOUCHED
    assert _wanted().plan(command).options == ()
