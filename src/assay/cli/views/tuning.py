"""Tuned products, for people."""

from __future__ import annotations

from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.table import Column, table_lines
from assay.cli.terminal.units import seconds_text
from assay.record.documents import TunedShape, VgpuTune

_SHAPES = (
    Column(heading="TYPE"),
    Column(heading="SHAPE", least=12),
    Column(heading="RULES", right=True, least=7),
    Column(heading="BEST TRIED", right=True, least=7),
    Column(heading="GAIN", right=True, least=5),
    Column(heading="AT LEAST", right=True, least=5),
    Column(heading="FROM NOW ON", least=20, folds=True),
)
_CLASSES = (
    Column(heading="TYPE"),
    Column(heading="SIZES FROM", least=12),
    Column(heading="A, B"),
    Column(heading="WORKERS", right=True),
    Column(heading="CHOICE", least=20, folds=True),
    Column(heading="FOUND WITH", least=20, folds=True),
)


def shape_lines(document: VgpuTune, width: int | None) -> list[Line]:
    """What was tuned just now."""
    better = sum(bool(each.choice) for each in document.shapes)
    return [
        *table_lines(_SHAPES, [_shape_row(each) for each in document.shapes], width),
        "",
        Styled(f"{better} of {len(document.shapes)} are faster than by the built-in rules, which hold for the others."),
    ]


def class_lines(document: VgpuTune, width: int | None) -> list[Line]:
    """What is kept."""
    if not document.classes:
        return ["Nothing is kept: the built-in rules hold. Find out what is faster: assay vgpu tune"]
    rows = [
        (each.dtype, each.sizes, each.orders, str(each.workers or "any"), each.choice, each.remark)
        for each in document.classes
    ]
    return [Styled(document.machine, "bold"), f"kept in {document.path}", "", *table_lines(_CLASSES, rows, width)]


def _shape_row(each: TunedShape) -> tuple[str, ...]:
    gain, least = (f"{value:.3f}" if value is not None else "-" for value in (each.gain, each.gain_least))
    held = each.choice or f"rules: {each.reason}"
    return (each.dtype, each.shape, seconds_text(each.before_s), seconds_text(each.after_s), gain, least, held)
