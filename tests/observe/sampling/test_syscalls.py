from __future__ import annotations

import pytest

from assay.observe.sampling.syscalls import CALLS, NUMBERS, calls_by_number, is_limited


@pytest.mark.parametrize("machine", sorted(NUMBERS))
def test_every_number_stands_for_one_known_call(machine: str) -> None:
    assert set(NUMBERS[machine]) <= set(CALLS)
    assert len(set(NUMBERS[machine].values())) == len(NUMBERS[machine])
    assert len(calls_by_number(machine)) == len(NUMBERS[machine])


def test_a_machine_without_a_table_has_no_calls() -> None:
    assert calls_by_number("pdp11") == {}


@pytest.mark.parametrize(
    ("name", "arguments", "limited"),
    [
        ("futex", [1, 0, 0, 0, 0, 0], False),
        ("futex", [1, 0, 0, 0x7FFF0000, 0, 0], True),
        ("poll", [1, 1, 0xFFFFFFFF, 0, 0, 0], False),
        ("poll", [1, 1, 0xFFFFFFFFFFFFFFFF, 0, 0, 0], False),
        ("poll", [1, 1, 500, 0, 0, 0], True),
        ("read", [1, 1, 500, 0, 0, 0], False),
        ("clock_nanosleep", [0, 0, 0, 0, 0, 0], True),
    ],
)
def test_whether_a_call_waits_only_so_long_is_read_from_its_arguments(
    name: str, arguments: list[int], *, limited: bool
) -> None:
    assert is_limited(CALLS[name], arguments) is limited
