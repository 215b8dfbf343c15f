"""``assay vgpu tune``."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.command import command, gathered
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.native import require_native
from assay.cli.session import Session
from assay.cli.terminal.duration import seconds_in
from assay.cli.views.tuning import class_lines, shape_lines
from assay.errors import UsageError
from assay.record.documents import TunedClass, TunedShape, VgpuTune

if TYPE_CHECKING:
    from assay.vgpu.tuning import Shape, Verdict

_HINT = "some shapes were left as they were: give a larger --budget, or tune while nothing else runs"


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is tuned."""

    budget: str
    dtypes: tuple[str, ...]
    shapes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Mode:
    """What is done beside tuning, or instead."""

    dry_run: bool
    show: bool
    clear: bool
    busy: bool


def _flag(name: str, words: str) -> Callable[[Any], Any]:
    return click.option(name, is_flag=True, help=words)


_wishes = gathered(
    "wishes",
    Wishes,
    click.option("--budget", default="30s", show_default=True, metavar="TIME", help="Time for all shapes: 90s, 5min."),
    click.option(
        "--dtype",
        "dtypes",
        multiple=True,
        type=click.Choice(["fp64", "fp32", "bf16", "int8", "fp16"]),
        help="Tune products of this type only; may be repeated.",
    ),
    click.option(
        "--shape",
        "shapes",
        multiple=True,
        metavar="MxNxK",
        help="Tune this shape; :nt behind it transposes B, :tn A, :tt both; may be repeated.",
    ),
)
_mode = gathered(
    "mode",
    Mode,
    _flag("--dry-run", "Measure, but keep nothing."),
    _flag("--show", "Show what is kept, and measure nothing."),
    _flag("--clear", "Forget what is kept: the built-in rules hold again."),
    _flag("--busy", "Keep what is found even while other programs use the machine."),
)


@command(
    examples=[
        "assay vgpu tune",
        "assay vgpu tune --dtype fp32 --shape 4096x16x4096 --shape 1000x1000x1000:nt --budget 10s",
        "assay vgpu tune --show",
    ]
)
@_wishes
@_mode
@output_options
def tune(session: Session, *, wishes: Wishes, mode: Mode, output: Output) -> None:
    """Find, by measuring, what makes matrix products faster on this machine than the built-in rules, and keep it.

    Shapes are tuned by classes: type, transposition, and each size by half octaves. A candidate replaces the rules
    for its class only if it wins a comparison in interleaved pairs that is measured after the search; where none
    does, the rules stay. Every later process uses what is kept. Tune on a machine that does nothing else: what is
    found beside other programs is not kept.
    """
    require_native("vgpu tune")
    if mode.show + mode.clear + mode.dry_run > 1:
        raise UsageError("they exclude each other", where="--show, --clear, --dry-run", remedy="give one of them")
    budget_s, shapes = seconds_in(wishes.budget, "--budget"), _shapes(wishes)
    path = _path()
    before = _ignored(session, path)
    if mode.clear:
        _clear(session, path)
    found = [] if mode.show or mode.clear else _tuned(session, shapes, budget_s, mode, path)
    _answer(session, path, before, [_shape_of(verdict) for verdict in found], output)
    if any(verdict.is_better for verdict in found) and not mode.dry_run:
        session.console.note(f"kept in {path}; see it again: assay vgpu tune --show")
    if not all(verdict.counts for verdict in found):
        session.console.note(_HINT)


def _tuned(session: Session, shapes: list[Shape], budget_s: float, mode: Mode, path: Path) -> list[Verdict]:
    from assay.vgpu.tuning import tune as tune_all

    number = itertools.count()
    with session.progress("tuning") as progress:
        return list(
            tune_all(
                shapes,
                budget_s=budget_s,
                path=None if mode.dry_run else path,
                busy=mode.busy,
                before_each=lambda shape: progress.update(next(number), len(shapes), f"{shape.dtype} {shape.text}"),
            )
        )


def _answer(session: Session, path: Path, ignored: str, shapes: list[TunedShape], output: Output) -> None:
    from assay.vgpu.runtime.native import native
    from assay.vgpu.tuning import described, read

    classes = tuple(
        TunedClass(
            dtype=each.dtype,
            sizes=each.sizes,
            orders=each.orders,
            workers=each.workers,
            choice=each.choice.text,
            remark=each.remark,
        )
        for each in described(read(path))
    )
    document = VgpuTune(
        machine=native.gemm_machine(), path=str(path), ignored=ignored, shapes=tuple(shapes), classes=classes
    )
    answer = Answer(
        document=document,
        lines=lambda width: shape_lines(document, width) if shapes else class_lines(document, width),
        rows=document.shapes or document.classes,
        row_type=TunedShape if shapes else TunedClass,
    )
    emit(session, answer, output)


def _ignored(session: Session, path: Path) -> str:
    from assay.vgpu.tuning import read

    reason = read(path).reason
    if reason:
        session.console.detail(f"not used: {path}: {reason}")
    return reason


def _clear(session: Session, path: Path) -> None:
    from assay.vgpu.tuning import clear

    session.console.note(f"removed {path}" if clear(path) else "there was nothing to forget")


def _shape_of(verdict: Verdict) -> TunedShape:
    return TunedShape(
        dtype=verdict.shape.dtype,
        shape=verdict.shape.text,
        workers=verdict.workers,
        choice=verdict.choice.text if verdict.is_better else "",
        before_s=verdict.before_s,
        after_s=verdict.after_s,
        gain=verdict.gain,
        gain_least=verdict.gain_least,
        pairs=verdict.pairs,
        reason=verdict.reason,
    )


def _shapes(wishes: Wishes) -> list[Shape]:
    from assay.vgpu.tuning import DTYPES, default_shapes, shape_in

    dtypes = [dtype for dtype in DTYPES if not wishes.dtypes or dtype in wishes.dtypes]
    try:
        named = [shape_in(written, dtype) for dtype in dtypes for written in wishes.shapes]
    except ValueError as error:
        raise UsageError(str(error), where="--shape", remedy="write --shape 1024x1024x512") from error
    return named or default_shapes(dtypes)


def _path() -> Path:
    from assay.vgpu.tuning import kept_path

    try:
        return kept_path()
    except ValueError as error:
        raise UsageError(str(error), where="vgpu tune", remedy="then tune again") from error
