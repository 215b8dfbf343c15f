from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.engine.files import open_model
from assay.engine.reference import Reference
from tests.engine.decoders import CASES, write_decoder

PROMPTS = (1, 2, 3, 31, 32, 33, 63, 64, 65)

FIRST_40TH_LAST_AND_GREATEST = {
    "llama": (1.14995, 0.65481, 2.47603, 3.46587),
    "llama, every head its own keys": (-1.04051, -0.19539, -1.00671, 4.33196),
    "llama, one head of keys, tanh gelu, llama3 rope": (-0.45833, -0.49489, 0.23552, 3.36546),
    "llama, wide heads, biases, gelu, tied": (0.46989, -1.30417, 0.99024, 3.59406),
    "llama, linear rope": (-0.45615, -0.36368, 0.84931, 3.35159),
    "llama, dynamic rope": (1.21300, 0.40654, 2.32011, 3.92895),
    "llama, yarn": (0.03560, -0.92672, 1.11256, 3.08283),
    "llama, yarn with two scales": (0.13374, -0.71201, 1.00660, 3.07554),
    "mistral, windows": (1.64397, 1.19326, -0.21303, 3.62107),
    "mistral": (1.14995, 0.65481, 2.47603, 3.46587),
    "qwen2, windows from layer 1": (-1.22194, -1.48905, 1.23209, 3.82456),
    "qwen2, windows by layer": (-2.67874, -1.52168, -1.15643, 4.41271),
    "qwen3": (-1.26291, -0.46713, 1.81408, 3.46313),
    "qwen3, tied": (-1.69951, 1.19862, -1.71092, 4.19851),
    "phi3, windows": (1.34759, -2.03823, -0.68922, 3.89554),
    "phi3, half of each head turns": (-0.26058, -0.21242, 2.18171, 3.63471),
    "phi3, longrope": (-0.34432, -0.71986, 0.13815, 4.41376),
    "mixtral": (-2.16780, 2.66335, -1.20639, 3.54552),
    "qwen3_moe, one plain layer": (0.15618, 1.36755, 1.15860, 3.54013),
    "qwen3_moe, every other layer": (1.72996, -0.64119, -1.13281, 3.51894),
}
"""Logits after 45 tokens that transformers 5.23 gives for these decoders in fp64, kept for where that is not."""


def reference_of(folder: Path, case: str) -> Reference:
    write_decoder(folder, case)
    model = open_model(folder)
    return Reference(model.architecture, model.weights)


def tokens_of(count: int, seed: int = 1) -> list[int]:
    drawn: list[int] = np.random.default_rng(seed).integers(3, 96, count).tolist()
    return drawn


@pytest.mark.parametrize("case", CASES)
def test_logits_are_those_written_down_from_transformers(tmp_path: Path, case: str) -> None:
    decoder = reference_of(tmp_path, case)
    logits = decoder.prefill(decoder.sequence(), tokens_of(45))
    found = (logits[0], logits[40], logits[-1], np.abs(logits).max())
    assert np.allclose(found, FIRST_40TH_LAST_AND_GREATEST[case], rtol=0, atol=3e-5)


@pytest.mark.parametrize("case", [case for case in CASES if "dynamic" not in case and "longrope" not in case])
def test_token_by_token_gives_what_all_at_once_gives(tmp_path: Path, case: str) -> None:
    decoder = reference_of(tmp_path, case)
    tokens = tokens_of(33)
    whole = decoder.prefill(decoder.sequence(), tokens, every=True)
    sequence = decoder.sequence()
    rows = [decoder.prefill(sequence, tokens[:5])]
    rows += [decoder.decode([sequence], [token])[0] for token in tokens[5:]]
    assert sequence.length == 33
    assert np.allclose(rows, whole[4:], rtol=0, atol=1e-12 * np.abs(whole).max())


def test_a_fork_goes_its_own_way(tmp_path: Path) -> None:
    decoder = reference_of(tmp_path, "llama")
    sequence = decoder.sequence()
    decoder.prefill(sequence, [5, 6, 7])
    fork = sequence.fork()
    decoder.prefill(fork, [8])
    assert (sequence.length, fork.length) == (3, 4)
    other = decoder.prefill(sequence, [9])
    assert np.allclose(other, decoder.prefill(decoder.sequence(), [5, 6, 7, 9]), rtol=0, atol=1e-12)
    fork.close()
    assert (sequence.length, fork.length) == (4, 0)


def test_a_window_hides_what_lies_before_it(tmp_path: Path) -> None:
    decoder = reference_of(tmp_path, "mistral, windows")
    tokens = tokens_of(60)
    other = [4, *tokens[1:]]
    last = [decoder.prefill(decoder.sequence(), text)[:] for text in (tokens, other)]
    # Three layers of 16 tokens reach 45 tokens back, and the one that differs lies 59 back.
    assert np.array_equal(last[0], last[1])
    assert not np.array_equal(
        decoder.prefill(decoder.sequence(), tokens[:40]), decoder.prefill(decoder.sequence(), other[:40])
    )


@pytest.fixture(scope="module")
def transformers() -> Any:
    return pytest.importorskip("transformers", reason="transformers is not installed")


@pytest.mark.parametrize("case", CASES)
def test_logits_and_64_greedy_tokens_are_those_of_transformers(tmp_path: Path, transformers: Any, case: str) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    decoder = reference_of(tmp_path, case)
    theirs = transformers.AutoModelForCausalLM.from_pretrained(
        tmp_path,
        dtype=torch.float64,
        attn_implementation="sdpa",
        # Their other ways to run experts have no fp64.
        **({"experts_implementation": "eager"} if decoder.architecture.experts else {}),
    ).eval()
    with torch.no_grad():
        for count in PROMPTS:
            tokens = tokens_of(count, seed=count)
            expected = theirs(torch.tensor([tokens]), use_cache=False).logits[0].numpy()
            found = decoder.prefill(decoder.sequence(), tokens, every=True)
            # Their norms and angles are in fp32 whatever the weights are.
            assert np.abs(found - expected).max() <= 3e-6 * np.abs(expected).max()
        prompt = tokens_of(33)
        options = {"max_new_tokens": 64, "do_sample": False, "eos_token_id": None, "pad_token_id": 0}
        text = theirs.generate(torch.tensor([prompt]), **options)[0, 33:].tolist()
    assert greedy(decoder, prompt, 64) == text


def greedy(decoder: Reference, prompt: list[int], count: int) -> list[int]:
    sequence = decoder.sequence()
    logits = decoder.prefill(sequence, prompt)
    found = []
    for _ in range(count):
        found.append(int(logits.argmax()))
        logits = decoder.prefill(sequence, found[-1:])
    return found
