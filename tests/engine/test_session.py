from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.engine.files import open_model
from assay.engine.options import EngineOptions, StepOf
from assay.engine.reference import Reference
from assay.engine.session import Engine
from assay.errors import ModelError, UsageError
from assay.record.enums import Phase
from assay.trace.reading import open_trace
from assay.trace.recording.recorder import record
from assay.vgpu.core import active
from tests.engine.decoders import CASES, write_decoder

pytestmark = pytest.mark.skipif(not hasattr(active, "decoder_open"), reason="the native core is not installed")

PROMPTS = (1, 2, 3, 31, 32, 33, 63, 64, 65)
TOLERANCE = 2e-5
LLAMA = "llama"


def tokens_of(count: int, seed: int = 1) -> list[int]:
    drawn: list[int] = np.random.default_rng(seed).integers(3, 96, count).tolist()
    return drawn


def error_of(found: object, exact: object) -> float:
    return float(np.abs(np.asarray(found) - np.asarray(exact)).max() / np.abs(np.asarray(exact)).max())


def rows_of(trace: Path) -> list[dict[str, Any]]:
    return [row for batch in open_trace(trace).events() for row in batch.to_pylist()]


def opened(folder: Path, case: str, *, threads: int | None = None, chunk_tokens: int = 512) -> tuple[Engine, Reference]:
    write_decoder(folder, case)
    model = open_model(folder)
    engine = Engine(model.architecture, model.weights, EngineOptions(threads=threads, chunk_tokens=chunk_tokens))
    return engine, Reference(model.architecture, model.weights)


@pytest.fixture
def llama(tmp_path: Path) -> Iterator[tuple[Engine, Reference]]:
    engine, reference = opened(tmp_path, LLAMA)
    with engine:
        yield engine, reference


@pytest.mark.parametrize("case", CASES)
def test_logits_of_every_architecture_are_those_of_fp64(tmp_path: Path, case: str) -> None:
    engine, reference = opened(tmp_path, case)
    with engine:
        tokens = tokens_of(45)
        exact = reference.prefill(reference.sequence(), tokens, every=True)
        assert error_of(engine.prefill(engine.sequence(), tokens, every=True), exact) <= TOLERANCE


@pytest.mark.parametrize("case", CASES)
def test_token_by_token_gives_the_logits_that_fp64_gives(tmp_path: Path, case: str) -> None:
    engine, reference = opened(tmp_path, case)
    with engine:
        ours, theirs = engine.sequence(), reference.sequence()
        for token in tokens_of(42):
            assert error_of(engine.decode([ours], [token]), reference.decode([theirs], [token])) <= TOLERANCE


@pytest.mark.parametrize("count", PROMPTS)
def test_prompts_around_whole_pages_are_right(llama: tuple[Engine, Reference], count: int) -> None:
    engine, reference = llama
    ours, theirs = engine.sequence(), reference.sequence()
    tokens = tokens_of(count, seed=count)
    assert error_of(engine.prefill(ours, tokens), reference.prefill(theirs, tokens)) <= TOLERANCE
    assert error_of(engine.decode([ours], [7]), reference.decode([theirs], [7])) <= TOLERANCE
    assert ours.length == count + 1


@pytest.mark.parametrize("case", [LLAMA, "mistral, windows", "llama, dynamic rope"])
def test_a_prompt_in_chunks_gives_what_it_gives_at_once(tmp_path: Path, case: str) -> None:
    chunked, reference = opened(tmp_path, case, chunk_tokens=7)
    with chunked:
        tokens = tokens_of(50)
        exact = reference.prefill(reference.sequence(), tokens, every=True)
        assert error_of(chunked.prefill(chunked.sequence(), tokens, every=True), exact) <= TOLERANCE
        assert error_of(chunked.prefill(chunked.sequence(), tokens), exact[-1]) <= TOLERANCE


@pytest.mark.parametrize("case", [LLAMA, "mixtral", "mistral, windows"])
def test_one_and_two_threads_give_the_same_bits(tmp_path: Path, case: str) -> None:
    found = []
    for threads in (1, 2):
        engine, _ = opened(tmp_path / str(threads), case, threads=threads)
        with engine:
            sequence = engine.sequence()
            found.append(engine.prefill(sequence, tokens_of(70), every=True).tobytes())
            found[-1] += engine.decode([sequence], [5]).tobytes()
    assert found[0] == found[1]


def test_traced_and_untraced_steps_give_the_same_bits(llama: tuple[Engine, Reference], tmp_path: Path) -> None:
    engine, _ = llama
    found = [engine.prefill(engine.sequence(), tokens_of(40)).tobytes()]
    for substeps in (False, True):
        engine.substeps = substeps
        with record(tmp_path / f"{substeps}.trace"):
            found.append(engine.prefill(engine.sequence(), tokens_of(40)).tobytes())
    assert found[0] == found[1] == found[2]


def test_sequences_of_a_batch_do_not_disturb_one_another(llama: tuple[Engine, Reference]) -> None:
    engine, reference = llama
    prompts = [tokens_of(count, seed=count) for count in (3, 64, 20)]
    ours = [engine.sequence() for _ in prompts]
    exact = []
    for sequence, prompt in zip(ours, prompts, strict=True):
        engine.prefill(sequence, prompt)
        theirs = reference.sequence()
        reference.prefill(theirs, prompt)
        exact.append(reference.decode([theirs], [9])[0])
    assert error_of(engine.decode(ours, [9, 9, 9]), exact) <= TOLERANCE


def test_a_fork_shares_what_came_before_and_goes_its_own_way(llama: tuple[Engine, Reference]) -> None:
    engine, reference = llama
    first = engine.sequence()
    engine.prefill(first, tokens_of(70))
    pages = engine.cache_bytes
    second = first.fork(66)
    assert engine.cache_bytes == pages
    exact = reference.prefill(reference.sequence(), [*tokens_of(70)[:66], 5])
    assert error_of(engine.decode([second], [5])[0], exact) <= TOLERANCE
    assert engine.cache_bytes > pages  # the page that was shared is written to
    exact = reference.prefill(reference.sequence(), [*tokens_of(70), 8])
    assert error_of(engine.decode([first], [8])[0], exact) <= TOLERANCE


def test_what_is_cut_off_is_forgotten(llama: tuple[Engine, Reference]) -> None:
    engine, reference = llama
    sequence = engine.sequence()
    engine.prefill(sequence, tokens_of(70))
    sequence.cut(30)
    exact = reference.prefill(reference.sequence(), [*tokens_of(70)[:30], 4])
    assert error_of(engine.decode([sequence], [4])[0], exact) <= TOLERANCE


def test_closed_sequences_give_their_pages_back(llama: tuple[Engine, Reference]) -> None:
    engine, _ = llama
    sequence = engine.sequence()
    engine.prefill(sequence, [3, 4])
    assert engine.cache_bytes > 0
    sequence.close()
    assert engine.cache_bytes == 0
    with pytest.raises(ValueError, match="sequence is closed"):
        engine.decode([sequence], [3])


def test_steps_are_stamped_by_layer_and_do_not_overlap(llama: tuple[Engine, Reference], tmp_path: Path) -> None:
    engine, _ = llama
    with record(tmp_path / "steps.trace"):
        engine.prefill(engine.sequence(), tokens_of(9), of=StepOf(invocation=4, token=2, phase=Phase.PREFILL))
    rows = rows_of(tmp_path / "steps.trace")
    layers = [row["layer"] for row in rows if row["step"] == "Attention"]
    assert layers == [0, 1, 2]
    assert [row["step"] for row in rows] == ["Embed", *["Attention", "FFN"] * 3, "LmHead"]
    ends = [row["start_ns"] + row["wall_ns"] for row in rows]
    assert all(end <= row["start_ns"] for end, row in zip(ends, rows[1:], strict=False))
    assert {(row["invocation"], row["token"], row["phase"], row["tokens"]) for row in rows} == {(4, 2, "prefill", 9)}
    assert all(row["flops"] > 0 for row in rows if row["step"] != "Embed")


def test_substeps_lie_inside_of_their_steps(llama: tuple[Engine, Reference], tmp_path: Path) -> None:
    engine, _ = llama
    engine.substeps = True
    with record(tmp_path / "parts.trace"):
        engine.decode([engine.sequence()], [3])
    rows = rows_of(tmp_path / "parts.trace")
    whole = {(row["step"], row["layer"]): row for row in rows if row["op"] is None}
    parts = [row for row in rows if row["op"] is not None]
    assert {row["op"] for row in parts} >= {"norm", "qkv", "rope", "context", "output", "down"}
    for row in parts:
        around = whole[row["step"], row["layer"]]
        assert around["start_ns"] <= row["start_ns"]
        assert row["start_ns"] + row["wall_ns"] <= around["start_ns"] + around["wall_ns"]


def test_a_prompt_without_tokens_is_refused(llama: tuple[Engine, Reference]) -> None:
    engine, _ = llama
    with pytest.raises(UsageError, match="no tokens"):
        engine.prefill(engine.sequence(), [])


def test_tokens_that_do_not_exist_are_refused(llama: tuple[Engine, Reference]) -> None:
    engine, _ = llama
    sequence = engine.sequence()
    for token in (-1, 96):
        with pytest.raises(ValueError, match="no token"):
            engine.decode([sequence], [token])
    assert sequence.length == 0


def test_a_weight_that_is_missing_is_named(tmp_path: Path) -> None:
    write_decoder(tmp_path, LLAMA)
    model = open_model(tmp_path)
    weights = {name: tensor for name, tensor in model.weights.items() if name != "model.layers.1.mlp.up_proj.weight"}
    with pytest.raises(ModelError, match=r"model\.layers\.1\.mlp\.up_proj\.weight"):
        Engine(model.architecture, weights)
