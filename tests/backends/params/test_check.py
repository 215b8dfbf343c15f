from __future__ import annotations

from typing import Any

import pytest

from assay.backends.params.catalogue import load_catalogue
from assay.backends.params.check import Problem, check


def problems(backend: str, **values: Any) -> list[Problem]:
    return check(load_catalogue(backend), values)


def test_parameters_that_fit_have_no_problem() -> None:
    assert problems("transformers", max_new_tokens=16, do_sample=True, temperature=0.7) == []


def test_a_misspelt_name_is_refused_with_what_was_meant() -> None:
    (problem,) = problems("vllm", max_num_seq=4)
    assert problem.refused
    assert "did you mean 'max_num_seqs'" in problem.said


def test_a_value_of_the_wrong_kind_is_refused_and_says_what_is_right() -> None:
    (problem,) = problems("vllm", gpu_memory_utilization=1.5)
    assert (problem.rule, problem.refused) == ("kind", True)
    assert "float > 0 <= 1" in problem.said


def test_a_combination_that_is_refused_and_one_that_is_ignored_are_told_apart() -> None:
    (refused,) = problems("transformers", num_beams=4, num_return_sequences=5)
    (ignored,) = problems("transformers", max_length=64, max_new_tokens=16)
    assert (refused.rule, refused.refused) == ("more-sequences-than-beams", True)
    assert (ignored.rule, ignored.refused) == ("both-most-tokens", False)


def test_a_combination_that_was_never_tried_refuses_nothing() -> None:
    (problem,) = problems("tensorrt_llm", min_tokens=8, max_tokens=4)
    assert (problem.rule, problem.refused) == ("fewest-above-most-tokens", False)


def test_rules_of_a_surface_of_which_nothing_was_given_are_silent() -> None:
    assert problems("transformers", load_in_4bit=True) == []


def test_extra_passes_what_is_unknown_and_nothing_that_is_known() -> None:
    assert problems("onnxruntime", extra={"session.brand_new": "1"}) == []
    (known,) = problems("onnxruntime", extra={"intra_op_num_threads": 2})
    assert known.refused
    (near,) = problems("onnxruntime", extra={"session.disable_prepackin": "1"})
    assert (near.refused, near.said) == (False, "did you mean 'session.disable_prepacking'?")


@pytest.mark.parametrize("name", ["SamplingParams.temperature", "temperature"])
def test_a_parameter_may_be_named_with_its_surface(name: str) -> None:
    found = check(load_catalogue("vllm"), {name: 0.0, "n": 2})
    assert [problem.rule for problem in found] == ["several-sequences-greedily"]
