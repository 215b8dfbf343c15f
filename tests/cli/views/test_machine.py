from __future__ import annotations

from assay.cli.terminal.style import paint
from assay.cli.views.machine import machine_lines
from assay.record.checks import Check, CheckState

FINE = Check(
    id="timers", group="timing", title="Timers", state=CheckState.OK, found="50 ns", reason=None, lost=None, enable=None
)
BAD = Check(
    id="rapl",
    group="energy",
    title="RAPL",
    state=CheckState.MISSING,
    found="no zones",
    reason="no powercap",
    lost="energy of the processor",
    enable="sudo modprobe intel_rapl_msr",
)


def shown(*checks: Check, width: int | None = None) -> list[str]:
    return [paint(line, color=False) for line in machine_lines(checks, width)]


def test_a_fault_says_why_what_is_lost_and_what_to_try() -> None:
    assert shown(FINE, BAD) == [
        "Timing",
        "ok        Timers [timers]: 50 ns",
        "",
        "Energy",
        "missing   RAPL [rapl]: no zones",
        "            why  no powercap",
        "            lost energy of the processor",
        "            try  sudo modprobe intel_rapl_msr",
        "",
        "1 ok, 0 degraded, 1 missing",
    ]


def test_lines_fit_the_terminal() -> None:
    assert max(map(len, shown(FINE, BAD, width=40))) <= 40


def test_every_state_is_readable_without_color() -> None:
    assert all(state.value in " ".join(shown(FINE, BAD)) for state in CheckState)
