"""A campaign's status, for people."""

from __future__ import annotations

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents.campaign.status import CampaignStatus
from assay.record.words.numbers import number_text

_COLUMNS = (
    Column(heading="CYCLE", right=True),
    Column(heading="DONE", right=True),
    Column(heading="RUNNING", right=True, least=7),
    Column(heading="PENDING", right=True, least=7),
    Column(heading="FAILED", right=True, least=6),
)
_WORDS = {
    "not_begun": "not begun",
    "running": "being carried out",
    "resumable": "not finished, and nobody is at it: `assay campaign resume` goes on",
    "held": "held: groups failed too often one after another, `assay campaign resume` tries them again",
    "complete": "complete",
    "failed": "over, and some experiments failed",
}
_MOST_CYCLES = 12


def status_lines(document: CampaignStatus, width: int | None) -> list[Line]:
    """How far it is, what runs, and what went wrong."""
    left = "" if not document.left_s else f", about {number_text(document.left_s, 's')} left"
    lines: list[Line] = [
        Styled(f"{document.name}: {document.done:,} of {document.total:,} done{left}", "bold"),
        f"{_WORDS[document.state]}{'; the file was changed since' if document.changed else ''}",
    ]
    if document.cycles:
        lines += ["", *table_lines(_COLUMNS, _rows(document), width)]
    lines += [
        f"now: {each.cell}, cycle {each.cycle}, on {each.device} for {number_text(each.for_s, 's')}"
        for each in document.running
    ]
    lines += [f"! {group.group}: held after {group.failures} failures: {group.reason}" for group in document.held]
    return lines + [f"! {each.cell}, cycle {each.cycle}: {each.reason}" for each in document.failures]


def _rows(document: CampaignStatus) -> list[tuple[str, ...]]:
    """Cycles that are begun, and the first that is not; all where there are few."""
    cycles = document.cycles
    if len(cycles) > _MOST_CYCLES:
        begun = [cycle for cycle in cycles if cycle.done or cycle.running or cycle.failed]
        cycles = (*begun, *cycles[len(begun) : len(begun) + 1])[-_MOST_CYCLES:]
    numbers = ((each.cycle, each.done, each.running, each.pending, each.failed) for each in cycles)
    return [tuple(f"{number:,}" for number in row) for row in numbers]
