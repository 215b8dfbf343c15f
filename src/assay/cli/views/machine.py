"""What this machine can measure, for people: a table by subject, then each fault with what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.width import wrapped
from assay.record.checks import Check, CheckState

STATE_STYLES = {CheckState.OK: "green", CheckState.DEGRADED: "yellow", CheckState.MISSING: "red"}
_WIDEST_STATE = max(map(len, CheckState))
_INDENT = " " * (_WIDEST_STATE + 2)


def machine_lines(checks: Sequence[Check], width: int | None, *, all_in_full: bool = False) -> list[Line]:
    """Every check under its subject; a fault with its reason, its loss and the command that would mend it."""
    lines: list[Line] = []
    for group, members in groupby(checks, key=lambda check: check.group):
        lines += ["", Styled(group.capitalize(), "bold")] if lines else [Styled(group.capitalize(), "bold")]
        for check in members:
            lines += _check(check, width, in_full=all_in_full or check.state is not CheckState.OK)
    return [*lines, "", _summary(checks)]


def _check(check: Check, width: int | None, *, in_full: bool) -> list[Line]:
    state = Styled(f"{check.state.value:<{_WIDEST_STATE}}", STATE_STYLES[check.state])
    first, *rest = wrapped(f"{check.title} [{check.id}]: {check.found}", _INDENT, width)
    lines: list[Line] = [(state, "  ", first.removeprefix(_INDENT)), *rest]
    if in_full:
        for name, text in (("why", check.reason), ("lost", check.lost), ("try", check.enable)):
            lines += wrapped(f"{name:<5}{text}", _INDENT + "  ", width, hang=5) if text else []
    return lines


def _summary(checks: Sequence[Check]) -> Line:
    counts = {state: sum(check.state is state for check in checks) for state in CheckState}
    pieces = [Styled(f"{count} {state.value}", STATE_STYLES[state]) for state, count in counts.items()]
    return (pieces[0], ", ", pieces[1], ", ", pieces[2])
