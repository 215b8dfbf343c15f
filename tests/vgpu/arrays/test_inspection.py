from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import assay.vgpu as vg


def test_the_namespace_says_what_it_offers() -> None:
    info = vg.__array_namespace_info__()
    assert info.default_device() in info.devices()
    assert info.capabilities()["max dimensions"] == 32
    assert info.default_dtypes()["integral"] is vg.arange(1).dtype
    assert info.default_dtypes()["real floating"] is vg.zeros(1).dtype
    assert set(info.dtypes(kind="real floating")) == {"float32", "float64"}
    assert len(info.dtypes()) == 13
    assert set(info.dtypes(kind=("bool", "complex floating"))) == {"bool", "complex64", "complex128"}


def test_every_public_name_is_there() -> None:
    assert [name for name in vg.__all__ if not hasattr(vg, name)] == []


def test_names_and_parameters_are_those_of_the_strict_implementation() -> None:
    strict = pytest.importorskip("array_api_strict")
    its_own = {"__version__", "ArrayAPIStrictFlags"}
    names = [name for name in strict.__all__ if name not in its_own and "array_api_strict" not in name]
    assert [name for name in names if not hasattr(vg, name)] == []
    functions = {name for name in names if inspect.isfunction(getattr(strict, name))}
    assert len(functions) > 130
    for name in functions:
        assert parameters(getattr(strict, name)) <= parameters(getattr(vg, name)), name
    for extension in ("linalg", "fft"):
        theirs, ours = getattr(strict, extension), getattr(vg, extension)
        for name in theirs.__all__:
            assert parameters(getattr(theirs, name)) <= parameters(getattr(ours, name)), name


def parameters(function: Callable[..., Any]) -> set[tuple[str, str, int]]:
    """Kind and place of each parameter, and its name where callers may use it."""
    found = set()
    for place, one in enumerate(inspect.signature(function).parameters.values()):
        keyword_only = one.kind is inspect.Parameter.KEYWORD_ONLY
        unnamed = one.kind in {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL}
        found.add((one.kind.description, "" if unnamed else one.name, -1 if keyword_only else place))
    return found
