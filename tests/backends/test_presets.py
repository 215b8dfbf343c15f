from __future__ import annotations

from pathlib import Path

import pytest

from assay.backends.asked import Asked
from assay.backends.presets import built, is_preset
from assay.errors import ModelError, PlanError
from assay.record.enums import Precision


def test_a_model_that_is_there_stays_as_it_is() -> None:
    asked = Asked(model="models/a", precision=Precision.BF16)
    assert built(asked, Precision.FP32) is asked
    assert not is_preset("models/a")


def test_a_preset_is_built_in_the_format_that_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = built(Asked(model="preset:llama-15m"), Precision.BF16)
    assert (Path(made.model) / "config.json").is_file()
    assert "bf16" in made.model
    assert made.precision is Precision.UNSPECIFIED


def test_what_is_no_preset_and_no_format_is_refused() -> None:
    with pytest.raises(ModelError, match="no preset"):
        built(Asked(model="preset:llama-16m"), Precision.BF16)
    with pytest.raises(PlanError, match="not made in fp8_e4m3"):
        built(Asked(model="preset:llama-15m", precision=Precision.FP8_E4M3), Precision.BF16)
