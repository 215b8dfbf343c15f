from __future__ import annotations

from pathlib import Path

from assay.backends.asked import Asked


def test_a_model_is_a_place_on_disk() -> None:
    assert Asked(model="models/a.onnx").path == Path("models/a.onnx")
