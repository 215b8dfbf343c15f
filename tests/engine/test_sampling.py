from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assay.engine.sampling import Sampler, Sampling, Stops, distribution

LOGITS = np.log(np.array([0.4, 0.3, 0.2, 0.06, 0.04]))


def drawable(**options: Any) -> list[int]:
    tokens, _ = distribution(LOGITS, Sampling(**({"temperature": 1.0} | options)))
    return sorted(tokens.tolist())


def test_without_a_temperature_the_first_of_the_most_probable_is_taken() -> None:
    assert Sampler(Sampling()).choose(np.array([0.0, 2.0, 2.0]), []) == 1


@pytest.mark.parametrize(
    ("options", "tokens"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"top_k": 2}, [0, 1]),
        ({"top_k": 99}, [0, 1, 2, 3, 4]),
        ({"top_p": 0.69}, [0, 1]),
        ({"top_p": 0.71}, [0, 1, 2]),
        ({"top_p": 0.0}, [0]),
        ({"min_p": 0.4}, [0, 1, 2]),
        ({"min_p": 1.0}, [0]),
        ({"top_k": 3, "top_p": 0.75}, [0, 1]),
        ({"min_p": 0.4, "temperature": 0.5}, [0, 1]),
    ],
)
def test_cuts_leave_the_tokens_they_should(options: dict[str, Any], tokens: list[int]) -> None:
    assert drawable(**options) == tokens


def test_tokens_are_drawn_as_often_as_they_are_probable() -> None:
    sampler = Sampler(Sampling(temperature=1.0, seed=7))
    counts = np.bincount([sampler.choose(LOGITS, []) for _ in range(4000)], minlength=5) / 4000
    spread = np.sqrt(np.exp(LOGITS) * (1 - np.exp(LOGITS)) / 4000)
    assert (np.abs(counts - np.exp(LOGITS)) < 4.5 * spread).all()


def test_a_seed_gives_the_same_tokens_again() -> None:
    texts = [[Sampler(Sampling(temperature=2.0, seed=seed)).choose(LOGITS, []) for seed in range(50)] for _ in range(2)]
    assert texts[0] == texts[1]
    assert len(set(texts[0])) > 1


def test_what_occurred_becomes_less_probable_whatever_its_sign() -> None:
    sampler = Sampler(Sampling(repetition_penalty=2.0))
    assert sampler.choose(np.array([1.0, 0.9]), [0, 0]) == 1
    assert sampler.choose(np.array([-1.0, -1.5]), [0]) == 1
    assert sampler.choose(np.array([1.0, 0.9]), [99]) == 0


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_stop_is_found_across_pieces_and_nothing_of_it_is_given(size: int) -> None:
    text = "one two three STOP four"
    stops = Stops(["STOP", "never"])
    given = "".join(stops.push(text[start : start + size]) for start in range(0, len(text), size))
    assert (given + stops.finish(), stops.stopped) == ("one two three ", True)


def test_the_first_of_several_stops_counts_and_what_only_looked_like_one_is_given() -> None:
    stops = Stops(["b c", "b"])
    assert stops.push("a b c") == "a "
    stops = Stops(["\n\n", ""])
    assert [stops.push("a\n"), stops.push("b\n"), stops.finish()] == ["a", "\nb", "\n"]
    assert not stops.stopped


def test_cuts_are_those_of_transformers() -> None:
    torch: Any = pytest.importorskip("torch", reason="torch is not installed")
    process: Any = pytest.importorskip("transformers.generation.logits_process", reason="transformers is not installed")
    scores = torch.tensor(np.random.default_rng(0).standard_normal((1, 200)) * 3)
    for k, p, temperature, penalty in ((5, 0.9, 0.7, 1.3), (50, 0.5, 1.5, 0.8), (200, 0.95, 1.0, 1.0)):
        steps = [
            process.RepetitionPenaltyLogitsProcessor(penalty),
            process.TemperatureLogitsWarper(temperature),
            process.TopKLogitsWarper(k),
            process.TopPLogitsWarper(p),
        ]
        theirs = scores.clone()
        for step in steps:
            theirs = step(torch.tensor([[3, 4]]), theirs)
        sampling = Sampling(temperature=temperature, top_k=k, top_p=p, repetition_penalty=penalty)
        plain = scores[0].numpy().copy()
        plain[[3, 4]] = np.where(plain[[3, 4]] > 0, plain[[3, 4]] / penalty, plain[[3, 4]] * penalty)
        tokens, _ = distribution(plain, sampling)
        assert set(tokens.tolist()) == set(torch.isfinite(theirs[0]).nonzero()[:, 0].tolist())
