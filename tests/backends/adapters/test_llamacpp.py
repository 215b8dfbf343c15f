"""Borders between steps inside of llama.cpp."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")
pytest.importorskip("gguf", reason="gguf is not installed")

import gguf

from assay.backends.adapters.llamacpp.model import LlamaModel
from assay.backends.asked import Asked
from assay.backends.backend import Reply
from assay.errors import PlanError
from assay.record.documents.inference.trace import TraceReport
from assay.record.enums import Precision
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from assay.trace.recording.recorder import record

WIDTH, HEADS, FFN, VOCABULARY, LAYERS = 64, 2, 128, 96, 3


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A llama of three layers without a tokenizer."""
    path = tmp_path / "m.gguf"
    writer: Any = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(VOCABULARY)
    writer.add_tokenizer_model("no_vocab")
    random = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd": (VOCABULARY, WIDTH),
        "output_norm": (WIDTH,),
        "output": (VOCABULARY, WIDTH),
    }
    for layer in range(LAYERS):
        blocks: dict[str, tuple[int, ...]] = dict.fromkeys(
            ("attn_q", "attn_k", "attn_v", "attn_output"), (WIDTH, WIDTH)
        )
        blocks |= {"attn_norm": (WIDTH,), "ffn_norm": (WIDTH,), "ffn_down": (WIDTH, FFN)}
        blocks |= dict.fromkeys(("ffn_gate", "ffn_up"), (FFN, WIDTH))
        shapes |= {f"blk.{layer}.{name}": shape for name, shape in blocks.items()}
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", random.standard_normal(shape, dtype=np.float32) * 0.1)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def run(path: Path, folder: Path, **more: Any) -> tuple[Reply, TraceReport, LlamaModel]:
    asked = Asked(model=str(path), threads=1, **{"tokens": 5, "prompt_tokens": 7, **more})
    opened = LlamaModel(asked)
    try:
        with record(folder / "t.jsonl") as recorder:
            reply = opened.generate(asked, recorder, 0)
    finally:
        opened.close()
    return reply, summarise(open_trace(folder / "t.jsonl"), folder / "t.jsonl", None), opened


@pytest.mark.parametrize("batch", [1, 2])
def test_every_layer_has_its_attention_and_its_feed_forward_part(batch: int, model: Path, tmp_path: Path) -> None:
    reply, report, opened = run(model, tmp_path, batch=batch)
    assert len(reply.tokens) == 5 * batch
    calls = {(line.step, line.layer): line.wall.count for line in report.layers if line.phase == "decode"}
    assert calls == {(step, layer): 4 for step in ("Attention", "FFN") for layer in range(LAYERS)}
    assert {line.step for line in report.steps} == {"Attention", "FFN", "LmHead", "Sample"}
    assert report.uncovered.share <= 0.03
    assert report.uncovered.overlap_ns == 0
    assert opened.described.precision is Precision.FP32


def test_one_seed_makes_one_answer(model: Path, tmp_path: Path) -> None:
    alone, _, _ = run(model, tmp_path)
    again, _, _ = run(model, tmp_path)
    assert list(alone.tokens) == list(again.tokens)


def test_a_text_needs_a_tokenizer_and_a_precision_another_file(model: Path, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no tokenizer"):
        run(model, tmp_path, prompt="hello")
    with pytest.raises(PlanError, match="weights stay as they are stored"):
        run(model, tmp_path, precision=Precision.FP32)
