"""Steps of transformers' decoders, stamped between modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed")
pytest.importorskip("transformers", reason="transformers is not installed")

import torch
import transformers

from assay.backends.adapters.pytorch.model import TorchModel
from assay.backends.asked import Asked
from assay.backends.backend import Reply
from assay.errors import PlanError
from assay.record.documents.inference.trace import TraceReport
from assay.record.enums import Precision
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from assay.trace.recording.recorder import record

SMALL = {
    "vocab_size": 128,
    "hidden_size": 64,
    "intermediate_size": 160,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
}
GPT2 = {"vocab_size": 128, "n_embd": 64, "n_layer": 3, "n_head": 4, "n_positions": 256}
FAMILIES: dict[str, dict[str, Any]] = {
    "llama": SMALL, "qwen2": SMALL, "qwen3": SMALL | {"head_dim": 16}, "mistral": SMALL,
    "phi3": SMALL | {"pad_token_id": 0}, "gemma2": SMALL | {"head_dim": 16}, "gpt2": GPT2,
}  # fmt: skip


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(request.param)
    torch.manual_seed(1)
    config = transformers.AutoConfig.for_model(request.param, **FAMILIES[request.param])
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(path)
    return Path(path)


def run(folder: Path, tmp_path: Path, **more: Any) -> tuple[Reply, TraceReport]:
    asked = Asked(model=str(folder), threads=1, **{"tokens": 5, "prompt_tokens": 7, **more})
    model = TorchModel(asked)
    with record(tmp_path / "t.jsonl") as recorder:
        reply = model.generate(asked, recorder, 0)
    model.close()
    return reply, summarise(open_trace(tmp_path / "t.jsonl"), tmp_path / "t.jsonl", None)


def test_steps_of_every_layer_cover_the_time(folder: Path, tmp_path: Path) -> None:
    reply, report = run(folder, tmp_path, batch=2)
    assert len(reply.tokens) == 10
    calls = {(line.step, line.layer): line.wall.count for line in report.layers if line.phase == "decode"}
    assert calls == {(step, layer): 4 for step in ("Attention", "FFN") for layer in range(3)}
    assert {line.step for line in report.steps} == {"Embed", "Attention", "FFN", "LmHead", "Sample"}
    assert report.uncovered.share <= 0.03
    assert report.uncovered.overlap_ns == 0
    assert report.kv.most_bytes


def test_tokens_are_those_of_generate(tmp_path: Path) -> None:
    torch.manual_seed(2)
    config = transformers.AutoConfig.for_model("llama", **SMALL)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path / "m")
    asked = Asked(model=str(tmp_path / "m"), threads=1, tokens=6, prompt_tokens=9)
    model = TorchModel(asked)
    with record(tmp_path / "t.jsonl") as recorder:
        reply = model.generate(asked, recorder, 3)
    from assay.backends.generation.loop import _drawn

    prompt = torch.tensor(_drawn(model._language, asked, 3))
    expected = model._forward._model.generate(prompt, max_new_tokens=6, do_sample=False, eos_token_id=None)
    assert list(reply.tokens) == expected[0, 9:].tolist()


def test_a_layer_that_is_four_times_as_wide_is_named(tmp_path: Path) -> None:
    wide = {**SMALL, "hidden_size": 256, "intermediate_size": 1024, "num_hidden_layers": 6}
    torch.manual_seed(3)
    model = transformers.AutoModelForCausalLM.from_config(transformers.AutoConfig.for_model("llama", **wide))
    asked = Asked(model="m", threads=1, tokens=40, prompt_tokens=8)
    opened = TorchModel.__new__(TorchModel)
    mlp = model.model.layers[4].mlp
    for name in ("gate_proj", "up_proj"):
        setattr(mlp, name, torch.nn.Linear(256, 8 * 1024, bias=False))
    mlp.down_proj = torch.nn.Linear(8 * 1024, 256, bias=False)
    from assay.backends.adapters.pytorch.model import _Forward
    from assay.backends.generation.loop import Language

    torch.set_num_threads(1)
    opened._language = Language(forward=_Forward(model.eval()), words=None)
    with record(tmp_path / "t.jsonl") as recorder:
        for number in range(3):
            opened.generate(asked, recorder, number)
    report = summarise(open_trace(tmp_path / "t.jsonl"), tmp_path / "t.jsonl", None)
    named = [(each.step, each.layer) for each in report.outliers if each.kind == "layer"]
    assert ("FFN", 4) in named
    assert {layer for step, layer in named if step == "FFN"} == {4}


def test_number_formats_are_those_of_the_model_or_the_one_asked_for(tmp_path: Path) -> None:
    config = transformers.AutoConfig.for_model("llama", **SMALL)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(tmp_path / "m")
    model = TorchModel(Asked(model=str(tmp_path / "m"), precision=Precision.BF16, threads=1))
    assert model.described.precision is Precision.BF16
    assert model.described.weight_bytes == 2 * (model.described.parameters or 0)
    with pytest.raises(PlanError, match="no q4_0 here"):
        TorchModel(Asked(model=str(tmp_path / "m"), precision=Precision.Q4_0))
