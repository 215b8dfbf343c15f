"""A campaign's plan, for people."""

from __future__ import annotations

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents.campaign.plan import CampaignPlan
from assay.record.words.numbers import count_text

_COLUMNS = (
    Column(heading="CELL", least=20),
    Column(heading="GROUP", least=8),
    Column(heading="DEVICE", least=6),
    Column(heading="ID", least=8, mark=""),
)
_SHOWN = 40


def plan_lines(document: CampaignPlan, width: int | None) -> list[Line]:
    """The cells, and how often and in which order they are made."""
    rows = [(cell.label, cell.group, cell.device or "any", cell.id) for cell in document.cells[:_SHOWN]]
    total = len(document.experiments)
    cells = f"{len(document.cells):,} cells × {document.cycles:,} cycles"
    more = len(document.cells) - _SHOWN
    tail = [f"… and {more:,} more; `--json` and `-o FILE.csv` hold all"] if more > 0 else []
    first = [each.cell for each in document.experiments[: min(len(document.cells), 6)]]
    return [
        Styled(f"{document.name}: {count_text(total, 'experiments')}, {cells}", "bold"),
        f"order: {document.order}; devices: {', '.join(document.devices)}",
        f"begins with: {', '.join(first)}",
        "",
        *table_lines(_COLUMNS, rows, width),
        *tail,
    ]
