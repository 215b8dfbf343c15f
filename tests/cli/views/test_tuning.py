from __future__ import annotations

import msgspec

from assay.cli.terminal.style import paint
from assay.cli.views.tuning import class_lines, shape_lines
from assay.record.documents import TunedClass, TunedShape, VgpuTune

SHAPE = TunedShape(
    dtype="fp32",
    shape="64x64x64",
    workers=2,
    choice="block_rows=84",
    before_s=1.2e-6,
    after_s=1e-6,
    gain=1.2,
    gain_least=1.1,
    pairs=31,
    reason="",
)
UNTRIED = TunedShape(
    dtype="fp32",
    shape="9999x64x64",
    workers=2,
    choice="",
    before_s=None,
    after_s=None,
    gain=None,
    gain_least=None,
    pairs=0,
    reason="not tried: it needs 3.0 s",
)
DOCUMENT = VgpuTune(machine="a machine", path="/a/file", ignored="", shapes=(SHAPE, UNTRIED), classes=())


def text(lines: object) -> str:
    assert isinstance(lines, list)
    return "\n".join(paint(line, color=False) for line in lines)


def test_a_shape_says_what_holds_from_now_on_and_why() -> None:
    shown = text(shape_lines(DOCUMENT, None))
    assert "1.20 µs" in shown
    assert "1.200     1.100  block_rows=84" in shown
    assert "rules: not tried: it needs 3.0 s" in shown
    assert "1 of 2 are faster" in shown


def test_a_class_says_for_whom_it_holds() -> None:
    kept = TunedClass(
        dtype="bf16", sizes="64x64x64", orders="nt", workers=0, choice="k_bytes=1024", remark="64x64x64: 1.1 times"
    )
    shown = text(class_lines(msgspec.structs.replace(DOCUMENT, shapes=(), classes=(kept,)), None))
    for words in ("a machine", "kept in /a/file", "64x64x64", "nt", "any", "k_bytes=1024", "1.1 times"):
        assert words in shown


def test_where_nothing_is_kept_the_next_step_is_said() -> None:
    assert "assay vgpu tune" in text(class_lines(DOCUMENT, None))
