from __future__ import annotations

import signal

from assay.measure.target.ladder import LADDER, Cause, Ladder, Limits

S = 1_000_000_000


def test_without_limits_nothing_is_ever_due() -> None:
    ladder = Ladder(Limits(), 5)
    assert ladder.due_ns is None
    assert ladder.pass_time(10**18) is None
    assert ladder.cause is Cause.ENDED


def test_signals_get_firmer_and_each_has_its_grace() -> None:
    ladder = Ladder(Limits(timeout_s=2.0), 0)
    assert ladder.pass_time(2 * S - 1) is None
    sent, now_ns = [], 2 * S
    for _ in range(4):
        sent.append(ladder.pass_time(now_ns))
        assert ladder.due_ns is not None
        assert ladder.pass_time(ladder.due_ns - 1) is None
        now_ns = ladder.due_ns
    assert sent == [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGKILL]
    assert ladder.cause is Cause.TIMED_OUT
    assert sum(grace_s for _, grace_s in LADDER) <= 5.0


def test_the_nearer_limit_decides_why_it_was_over() -> None:
    for limits, cause in (
        (Limits(timeout_s=5.0, duration_s=2.0), Cause.OBSERVED),
        (Limits(timeout_s=1.0, duration_s=2.0), Cause.TIMED_OUT),
    ):
        ladder = Ladder(limits, 0)
        assert ladder.pass_time(3 * S) is signal.SIGINT
        assert ladder.cause is cause


def test_who_asks_twice_gets_an_end_at_once_and_what_can_not_be_ended_is_given_up() -> None:
    ladder = Ladder(Limits(timeout_s=60.0), 0)
    assert ladder.ask(1, S) is signal.SIGINT
    assert ladder.ask(2, S) is signal.SIGKILL
    assert ladder.cause is Cause.INTERRUPTED
    kills = 1
    while not ladder.exhausted:
        assert ladder.due_ns is not None
        assert ladder.pass_time(ladder.due_ns) is signal.SIGKILL
        kills += 1
        assert kills < 10


def test_time_in_which_the_target_could_not_run_is_not_counted() -> None:
    ladder = Ladder(Limits(duration_s=1.0), 0)
    ladder.put_off(5 * S)
    assert ladder.pass_time(6 * S - 1) is None
    assert ladder.pass_time(6 * S) is signal.SIGINT
