"""What may hold a GPU's clocks down, and how the driver tells: counters of time where it has them, else bits."""

from __future__ import annotations

from typing import NamedTuple


class Counted(NamedTuple):
    """A counter of the nanoseconds in which a reason held."""

    reason: str
    field: int
    """Number of the field; those from 74 to 81 are also ``nvmlPerfPolicyType_t`` 0 to 7."""
    bits: int
    """Bits of the reason among the current ones."""
    benign: bool = False


_POLICY_BASE, _POLICIES = 74, 8

COUNTED = (
    Counted("sw_power_cap", 74, 0x4),
    Counted("board_limit", 77, 0x200),
    Counted("reliability", 79, 0x400, benign=True),
    Counted("sync_boost", 76, 0x10, benign=True),
    Counted("sw_thermal_slowdown", 269, 0x20),
    Counted("hw_thermal_slowdown", 270, 0x40),
    Counted("hw_power_brake_slowdown", 271, 0x80),
)
"""Reasons that newer drivers count apart. At full boost every card is held at the limit of its reliability."""
THERMAL = Counted("thermal_slowdown", 75, 0x60)
"""What older drivers count of heat: both kinds in one."""

BITS = (
    ("gpu_idle", 0x1, True),
    ("applications_clocks_setting", 0x2, True),
    ("sw_power_cap", 0x4, False),
    ("hw_slowdown", 0x8, False),
    ("sync_boost", 0x10, True),
    ("sw_thermal_slowdown", 0x20, False),
    ("hw_thermal_slowdown", 0x40, False),
    ("hw_power_brake_slowdown", 0x80, False),
    ("display_clock_setting", 0x100, True),
    ("board_limit", 0x200, False),
    ("reliability", 0x400, True),
)
"""Name of each bit, and whether it is how things should be."""


def policy_of(counted: Counted) -> int | None:
    """The policy whose violation time an older call tells."""
    policy = counted.field - _POLICY_BASE
    return policy if 0 <= policy < _POLICIES else None
