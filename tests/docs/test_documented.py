"""A page that names what is not there is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import plant, real_tree, tool

PAGE = "docs/howto/planted.md"


def found(root: Path, text: str, page: str = PAGE) -> str:
    plant(root, {page: text})
    return tool("documented", root).stdout


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, without any page."""
    return real_tree(tmp_path_factory.mktemp("tree"))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# Planted\n\nThe time is in `wall_sec`.\n", "wall_sec"),
        ("```console\n$ assay runs lsit\n```\n", "the command `assay runs lsit`"),
        ("Type `assay frobnicate` now.\n", "the command `assay frobnicate`"),
        ("```console\n$ assay runs list --colour never\n```\n", "the option --colour of `assay list`"),
        ("Set `ASSAY_COLOUR` to never.\n", "ASSAY_COLOUR"),
        ("Call `store.all_runs(limit=3)`.\n", "all_runs"),
    ],
)
def test_a_page_that_drifted_is_named(root: Path, text: str, what: str) -> None:
    (line,) = found(root, text).splitlines()
    assert line.startswith(PAGE)
    assert f": {what} is named, and is not there" in line


def test_what_is_there_may_be_named(root: Path) -> None:
    text = "`wall_s`, `run.percentiles()`, `ASSAY_STORE`, `assay runs list --limit 5`, `./assay test`.\n"
    block = "```console\n$ assay profile --tag a -- sh -c 'x --nonsense'\n$ assay report @latest -o run.md # it\n```\n"
    assert found(root, text + block) == ""


def test_what_was_decided_once_may_name_what_is_gone(root: Path) -> None:
    plant(root, {PAGE: ""})
    assert found(root, "We had `wall_sec`.\n", page="docs/decisions.md") == ""


def test_a_metric_that_is_renamed_leaves_no_page_behind(tmp_path: Path) -> None:
    root = real_tree(tmp_path)
    for path in (root / "src").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "energy_adjusted_j" in text:
            path.write_text(text.replace("energy_adjusted_j", "energy_net_j"), encoding="utf-8")
    assert "energy_adjusted_j is named, and is not there" in found(root, "Look at `energy_adjusted_j`.\n")
