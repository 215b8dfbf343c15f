from __future__ import annotations

import pytest

from assay.backends.params.catalogue import backends, load_catalogue, read_catalogue
from assay.errors import PluginError, UsageError

TEXT = """
backend: mine
package: [mine]
surfaces:
  - {name: Options, way: fields, object: 'mine:Options'}
parameters:
  Options:
    size: {kind: int >= 1, touches: memory}
    speed: {kind: fast, touches: kernels}
    depth: {kind: int, touches: everything}
rules:
  - {id: a, on: Options, when: {size: 'larger than 3'}, answer: refuses, why: it is}
  - {id: b, on: Options, when: {size: '> 3'}, answer: refuses, why: it is}
  - {id: b, on: Options, when: {size: '> 3'}, answer: refuses, why: it is}
"""


def test_every_mistake_of_a_catalogue_is_said_at_once_with_its_line() -> None:
    with pytest.raises(PluginError) as caught:
        read_catalogue(TEXT, "mine.yaml")
    said = str(caught.value)
    assert [f"mine.yaml:{line}:" in said for line in (9, 10, 12, 14)] == [True] * 4
    assert "mine.yaml:8" not in said


def test_a_backend_without_catalogue_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="did you mean 'transformers'"):
        load_catalogue("transformer")


@pytest.mark.parametrize("backend", backends())
def test_each_rule_speaks_of_parameters_that_are_known(backend: str) -> None:
    catalogue = load_catalogue(backend)
    surfaces = {surface["name"] for surface in catalogue.surfaces}
    known = {one.name for one in catalogue.parameters} | set().union(*catalogue.irrelevant.values(), set())
    for rule in catalogue.rules:
        others = {condition.refers_to for condition in rule.when.values()} - {None}
        assert set(rule.when) | others <= known, rule.id
        assert rule.surface in surfaces, rule.id


@pytest.mark.parametrize("backend", backends())
def test_each_example_breaks_its_own_rule(backend: str) -> None:
    for rule in load_catalogue(backend).rules:
        if rule.given and set(rule.given) >= {name for name, one in rule.when.items() if one.text != "unset"}:
            values = {name: value for name, value in rule.given.items() if value != "$MODEL"}
            assert rule.broken_by(values), rule.id


def test_nearly_every_relevant_parameter_is_typed_and_many_combinations_are_known() -> None:
    catalogues = [load_catalogue(backend) for backend in backends()]
    assert sum(len(catalogue.rules) for catalogue in catalogues) >= 120
    assert min(len(catalogue.parameters) for catalogue in catalogues) >= 20
