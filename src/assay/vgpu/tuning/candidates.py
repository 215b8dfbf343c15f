"""What is tried for a shape: a few values of each choice, one choice after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from assay.vgpu.tuning.types import ELEMENT_BYTES, RULES, Choice, Shape

_PACKED_BYTES = {"fp64": 4096}  # of a row of A, at most, where that is not what follows
_USUAL_PACKED_BYTES = 2048
_BLOCK_ROWS = (42, 84, 168, 252, 336, 504)  # whole tiles of 6 and of 14 rows
_GROUP_COLUMNS = (512, 1024, 1536, 3072, 4096, 8192)
_K_BYTES = (768, 1024, 1280, 1536, 2048, 3072)
_LEAST_REGION = (8, 32)  # rows and columns


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """The values of one choice, to be tried on top of what was best so far."""

    name: str
    changes: tuple[dict[str, Any], ...]

    def candidates(self, best: Choice) -> list[Choice]:
        """The best so far, then what it would be with each value."""
        return list(dict.fromkeys([best, *(replace(best, **change) for change in self.changes)]))


def stages(shape: Shape, workers: int, earlier: Choice) -> Iterator[Stage]:
    """What to try, in order; ``earlier`` is what an earlier search found."""
    everything = {name: getattr(earlier, name) for name in earlier.__dataclass_fields__}
    yield Stage(name="earlier", changes=(everything,) if earlier != RULES else ())
    yield Stage(name="path", changes=tuple({"path": path} for path in _paths(shape)))
    yield Stage(name="cut", changes=tuple({"cut_rows": r, "cut_columns": c} for r, c in _cuts(shape, workers)))
    yield Stage(name="block", changes=tuple({"block_rows": rows} for rows in _BLOCK_ROWS if rows < shape.m))
    yield Stage(name="group", changes=tuple({"group_columns": n} for n in _GROUP_COLUMNS if n < shape.n))
    yield Stage(name="k", changes=tuple({"k_bytes": size} for size in _K_BYTES if size < _k_bytes(shape)))


def row_bytes(shape: Shape) -> int:
    """Bytes of one row of A."""
    return shape.k * ELEMENT_BYTES[shape.dtype]


def _k_bytes(shape: Shape) -> int:
    """Of a row of A, packed without a choice."""
    return min(row_bytes(shape), _packed_bytes(shape))


def _packed_bytes(shape: Shape) -> int:
    return _PACKED_BYTES.get(shape.dtype, _USUAL_PACKED_BYTES)


def _paths(shape: Shape) -> list[str]:
    readable = shape.dtype in {"fp32", "fp64"} and not (shape.a_transposed or shape.b_transposed)
    return ["packed", "in_place"] if readable and row_bytes(shape) <= _packed_bytes(shape) else []


def _cuts(shape: Shape, workers: int) -> list[tuple[int, int]]:
    tasks = (workers, 2 * workers, 4 * workers) if workers > 1 else ()
    pairs = [(rows, count // rows) for count in tasks for rows in range(1, count + 1) if count % rows == 0]
    wide_enough = [
        (rows, columns)
        for rows, columns in pairs
        if rows <= max(1, shape.m // _LEAST_REGION[0]) and columns <= max(1, shape.n // _LEAST_REGION[1])
    ]
    return [(1, 1), *wide_enough] if workers > 1 else []
