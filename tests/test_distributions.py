"""What a base install brings along is counted, and the heavy part stays in extras."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata

import pytest

from tests.checks.planting import REPOSITORY
from tools.imports import heavy_libraries

AT_MOST = 15
NOT_COUNTED = {"assay", "numpy", "scipy", "pyarrow", "duckdb"}
REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?[^;]*(?:;(?P<marker>.*))?$")


def normalised(name: str) -> str:
    """A distribution's name as the package index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(name: str) -> set[str]:
    """Distributions that are installed whenever ``name`` is, itself included."""
    found, waiting = set(), [normalised(name)]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += direct_requirements(current)
    return found


def direct_requirements(name: str) -> list[str]:
    """Requirements that hold on this machine; those of an extra, or of another system, are not installed."""
    matches = (REQUIREMENT.match(text) for text in metadata.requires(name) or ())
    names = (normalised(match["name"]) for match in matches if match and "extra" not in (match["marker"] or ""))
    return [needed for needed in names if is_installed(needed)]


def is_installed(name: str) -> bool:
    """Whether the distribution is in this environment: a marker may have left it out."""
    return any(metadata.distributions(name=name))


@pytest.fixture
def base() -> set[str]:
    """Every distribution of a base install."""
    if not is_installed("assay"):
        pytest.skip("assay is not installed here, only its source is used; run ./assay test")
    return required("assay")


def test_a_base_install_brings_at_most_fifteen_distributions(base: set[str]) -> None:
    counted = base - NOT_COUNTED
    assert len(counted) <= AT_MOST, sorted(counted)
    assert {"click", "msgspec", "jsonschema"} <= counted


def test_a_base_install_brings_no_heavy_library(base: set[str]) -> None:
    heavy = {normalised(name) for name in heavy_libraries(REPOSITORY)} | {"nvidia-ml-py", "s3fs", "pytest"}
    assert base & heavy == set()


PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]


def test_who_develops_has_what_tests_and_object_storage_need() -> None:
    assert {*EXTRAS["s3"], *EXTRAS["test"]} <= set(EXTRAS["dev"])


def test_no_extra_is_reached_through_the_package_itself() -> None:
    assert [item for items in EXTRAS.values() for item in items if item.startswith(PROJECT["name"])] == []
