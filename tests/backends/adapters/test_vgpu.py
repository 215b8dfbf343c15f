"""The built-in engine behind ``assay infer``."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.backends.adapters.vgpu import EngineModel
from assay.backends.asked import Asked
from assay.errors import PlanError
from assay.record.enums import Precision
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from assay.trace.recording.recorder import record
from assay.vgpu.core import active
from tests.engine.decoders import write_decoder

pytestmark = pytest.mark.skipif(not hasattr(active, "decoder_open"), reason="the native core is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_decoder(tmp_path / "model", "llama")
    return tmp_path / "model"


def test_every_step_of_every_layer_is_stamped(folder: Path, tmp_path: Path) -> None:
    asked = Asked(model=str(folder), tokens=4, prompt_tokens=5, batch=2, threads=1)
    model = EngineModel(asked)
    try:
        with record(tmp_path / "t.jsonl") as recorder:
            reply = model.generate(asked, recorder, 0)
    finally:
        model.close()
    report = summarise(open_trace(tmp_path / "t.jsonl"), tmp_path / "t.jsonl", None)
    assert (reply.prompt_tokens, len(reply.tokens)) == (10, 8)
    steps = {(line.step, line.phase): line.wall.count for line in report.steps if line.op is None}
    layers = len({line.layer for line in report.layers})
    assert steps["Attention", "decode"] == steps["FFN", "decode"] == 3 * layers
    assert steps["Sample", "decode"] == 3
    assert report.uncovered.overlap_ns == 0


def test_the_weights_say_what_the_model_is(folder: Path) -> None:
    model = EngineModel(Asked(model=str(folder), threads=1))
    model.close()
    assert model.described.precision is Precision.FP32
    assert model.described.parameters
    assert model.described.threads == 1


def test_a_number_format_that_there_is_not_is_refused(folder: Path) -> None:
    with pytest.raises(PlanError, match="no fp8_e4m3 here"):
        EngineModel(Asked(model=str(folder), precision=Precision.FP8_E4M3))
