"""What was found, on disk: one file per machine and build, replaced as a whole, merged under a lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.vgpu.runtime.native import native
from assay.vgpu.tuning.rows import KEY_WIDTH, Row, choice_in, least_size, packed
from assay.vgpu.tuning.types import DTYPES, Choice, Dtype

Classes = Mapping[Row, tuple[Row, str]]
"""The row and remark of each class, by the numbers that name it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """The classes of a file."""

    classes: Classes
    reason: str
    """Why the file is not used; empty where it is, or where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """One class of a file, in words."""

    dtype: Dtype
    sizes: str
    """The least m, n and k of the class."""
    orders: str
    """``n`` or ``t`` for A and for B."""
    workers: int
    """0 for any number."""
    choice: Choice
    remark: str


def described(kept: Kept) -> list[Described]:
    """Every class, in words."""
    return [_described(row, remark) for _, (row, remark) in sorted(kept.classes.items())]


def _described(row: Row, remark: str) -> Described:
    dtype, a, b, *bins, workers = row[:KEY_WIDTH]
    return Described(
        dtype=DTYPES[dtype],
        sizes="x".join(str(least_size(each)) for each in bins),
        orders="nt"[a] + "nt"[b],
        workers=workers,
        choice=choice_in(row),
        remark=remark,
    )


def kept_path() -> Path:
    """Where this machine's tuned classes lie.

    Raises ``ValueError`` where ``ASSAY_TUNING=off`` says that there is no such place.
    """
    path = native.gemm_tuning_path()
    if not path:
        raise ValueError("tuning is off: unset ASSAY_TUNING, or set HOME or XDG_CACHE_HOME")
    return Path(path)


def read(path: Path) -> Kept:
    """What a file holds; nothing, and why, where it can't be used on this machine."""
    try:
        found = native.gemm_tuning_read(path.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return Kept(classes={}, reason="")
    except (OSError, ValueError) as error:
        return Kept(classes={}, reason=str(error).rpartition("gemm tuning: ")[2])
    return Kept(classes={row[:KEY_WIDTH]: (tuple(row), remark) for row, remark in found}, reason="")


def merge(path: Path, changes: Mapping[Row, tuple[Row, str] | None]) -> None:
    """Set the classes that have a row, remove those that have None, keep all others."""
    with _locked(path):
        together = dict(read(path).classes)
        for key, value in changes.items():
            together.pop(key, None)
            if value is not None:
                together[key] = value
        _replace(path, together)


def clear(path: Path) -> bool:
    """Remove the file; whether there was one."""
    if not path.exists():
        return False
    with _locked(path):
        path.unlink(missing_ok=True)
    return True


def _replace(path: Path, classes: Classes) -> None:
    rows = [row for row, _ in classes.values()]
    text = native.gemm_tuning_write(packed(rows), "\n".join(remark for _, remark in classes.values()))
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
