"""The text of a model's run."""

from __future__ import annotations

from assay.cli.terminal.style import paint
from assay.cli.views.infer import infer_lines
from assay.measure.inference.operators import operator_lines, profiler_cost
from assay.record.documents.inference.infer import Inferred
from assay.record.documents.inference.trace import Roof
from assay.record.ids import new_ulid
from tests.measure.test_inference import MACHINE, WORK, counted, profile_of


def text(operators: int) -> str:
    calls = tuple(counted(f"op{place}", 1000 - place, WORK if place else None) for place in range(operators))
    profiled = profile_of(calls)
    document = Inferred(
        run=new_ulid(),
        model="m.onnx",
        format="onnx",
        backend="onnxruntime",
        build="onnxruntime 1",
        precision="fp32",
        threads=2,
        batch=1,
        repeats=1,
        load_s=0.5,
        cold_s=0.1,
        total_s=0.01,
        operators=operator_lines(profiled, MACHINE),
        known_share=0.5,
        folded=tuple(f"n{place}" for place in range(9)),
        profiler=profiler_cost(profiled),
        roof=Roof(peak_flops_per_s=None, peak_bytes_per_s=None, launch_ns=None, reason="not measured yet"),
        bottleneck="the sentence",
    )
    return "\n".join(paint(line, color=False) for line in infer_lines(document, None))


def test_everything_that_is_to_know_is_said() -> None:
    shown = text(operators=3)
    for words in ("m.onnx", "the sentence", "runtime_gap", "the first, apart, 100 ms", "9 nodes", "not measured yet"):
        assert words in shown
    assert "2 times as long" in shown
    assert "more, " not in shown


def test_what_is_not_known_is_a_dash_and_has_its_reason() -> None:
    line = next(line for line in text(operators=2).splitlines() if line.startswith("op0"))
    assert line.split().count("-") == 4


def test_of_many_operators_the_rest_is_counted() -> None:
    assert "12 operators more, " in text(operators=51)
