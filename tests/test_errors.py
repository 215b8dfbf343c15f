from __future__ import annotations

import pytest

from assay import errors
from assay.errors import AssayError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AssayError)]


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = AssayError("no option 'max_token'", where="plan.yaml:3", remedy="did you mean 'max_tokens'?")
    assert str(error) == "plan.yaml:3: no option 'max_token'; did you mean 'max_tokens'?"


def test_an_error_without_a_place_or_a_remedy_leaves_no_trace_of_them() -> None:
    assert str(AssayError("the disk is full")) == "the disk is full"
    assert str(AssayError("the disk is full", where="runs/")) == "runs/: the disk is full"
    assert str(AssayError("the disk is full", remedy="free some space")) == "the disk is full; free some space"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_keeps_its_parts_and_is_caught_as_one(kind: type[AssayError]) -> None:
    with pytest.raises(AssayError) as caught:
        raise kind("what", where="where", remedy="remedy")
    assert (caught.value.what, caught.value.where, caught.value.remedy) == ("what", "where", "remedy")
    assert kind.__doc__
