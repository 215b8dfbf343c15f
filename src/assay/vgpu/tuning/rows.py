"""Tuned classes as the native core takes them: rows of numbers."""

from __future__ import annotations

import array
from collections.abc import Sequence
from dataclasses import replace

from assay.vgpu.runtime.native import native
from assay.vgpu.tuning.types import DTYPES, PATHS, RULES, Choice, Shape

Row = tuple[int, ...]
KEY_WIDTH = 7
"""Numbers of a row that name its class; the others are the choice."""


def rows_of(shape: Shape, workers: int, choice: Choice) -> list[Row]:
    """One row for this number of workers and, where k is cut, one for any."""
    shared = replace(choice, k_bytes=0)
    made = [(*key_of(shape, workers), *_numbers(shared))] if shared != RULES else []
    if choice.k_bytes:
        made.append((*key_of(shape, 0), *_numbers(Choice(k_bytes=choice.k_bytes))))
    return made


def key_of(shape: Shape, workers: int) -> Row:
    """The class of a shape."""
    sizes = (native.gemm_size_class(size) for size in (shape.m, shape.n, shape.k))
    return (DTYPES.index(shape.dtype), int(shape.a_transposed), int(shape.b_transposed), *sizes, workers)


def least_size(size_class: int) -> int:
    """The smallest size of a class."""
    octave = 1 << size_class // 2
    return octave + size_class % 2 * (octave // 2)


def choice_in(row: Row) -> Choice:
    """The choice that a row holds."""
    block_rows, group_columns, cut_rows, cut_columns, path, k_bytes = row[KEY_WIDTH:]
    return Choice(
        block_rows=block_rows,
        group_columns=group_columns,
        cut_rows=cut_rows,
        cut_columns=cut_columns,
        path=PATHS[path],
        k_bytes=k_bytes,
    )


def packed(rows: Sequence[Row]) -> array.array[int]:
    """As one buffer."""
    return array.array("q", [number for row in rows for number in row])


def set_rows(rows: Sequence[Row]) -> None:
    """Let these hold, and no others, until the process ends."""
    native.gemm_tuning_set(packed(rows))


def _numbers(choice: Choice) -> Row:
    path = PATHS.index(choice.path)
    return (choice.block_rows, choice.group_columns, choice.cut_rows, choice.cut_columns, path, choice.k_bytes)
