"""Cells: how they are called, and which groups they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from assay.record.documents.comparison import Cell

ALL_STEPS = "all steps"
"""Name of the group of everything in a layer."""
_FEWEST = 2


def label_of(cell: Cell) -> str:
    """Its name for people.

    >>> label_of(Cell(name="FFN", layer=3, phase="decode")), label_of(Cell(name="parse", file="job.py"))
    ('decode layer 3 FFN', 'parse (job.py)')
    """
    parts = [
        "" if cell.phase == "none" else cell.phase,
        "" if cell.layer is None else f"layer {cell.layer}",
        cell.name,
        cell.op,
        "" if cell.device in ("", "cpu:0") else f"on {cell.device}",
        f"({cell.file})" if cell.file else "",
    ]
    return " ".join(part for part in parts if part)


def groups_of(cells: Sequence[Cell]) -> dict[Cell, tuple[int, ...]]:
    """Cells that may change together, by what they share: a step in every layer, everything in a layer."""
    found: dict[Cell, list[int]] = {}
    for number, cell in enumerate(cells):
        if cell.layer is not None:
            for group in (_step(cell), _layer(cell)):
                found.setdefault(group, []).append(number)
    return {group: tuple(members) for group, members in found.items() if _FEWEST <= len(members) < len(cells)}


def _step(cell: Cell) -> Cell:
    return Cell(name=cell.name, phase=cell.phase, device=cell.device, op=cell.op)


def _layer(cell: Cell) -> Cell:
    return Cell(name=ALL_STEPS, layer=cell.layer, phase=cell.phase, device=cell.device)
