"""Texts that must not be published are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import HEAD, MINI_TREE, found_by, mini_tree, plant, the_only
from tools.hygiene import violations


def test_a_tree_without_violations_passes(tmp_path: Path) -> None:
    assert found_by(violations, mini_tree(tmp_path)) == set()


@pytest.mark.parametrize(
    ("file", "text", "what"),
    [
        ("README.md", "Look into /work/store.", "a path of one machine"),
        ("docs/howto/planted.md", "cd /home/bob/assay", "a path of one machine"),
        ("src/assay/record/planted.py", 'HOST = "https://pypi.org/simple"', "the host of a package registry"),
        (".ci/run", "curl https://deb.debian.org/debian", "the host of a package registry"),
        ("native/core/planted.cpp", "// TODO: the rest", "unfinished work"),
        ("src/assay/record/planted.py", "# ---------- helpers ----------", "a banner comment"),
        ("CONTRIBUTING.md", "See [the design](DESIGN.md).", "a link to nothing: DESIGN.md"),
    ],
)
def test_what_must_not_stand_in_a_text_is_named(tmp_path: Path, file: str, text: str, what: str) -> None:
    plant(mini_tree(tmp_path), {file: f"{HEAD}{text}\n" if file.endswith(".py") else f"{text}\n"})
    line = the_only(found_by(violations, tmp_path))
    assert line.startswith(f"{file}:")
    assert what in line


@pytest.mark.parametrize("text", ["/home/user/models", "https://example.org/work/", "../work/x", "a homework/ folder"])
def test_places_that_are_nobodys_machine_pass(tmp_path: Path, text: str) -> None:
    plant(mini_tree(tmp_path), {"README.md": text + "\n"})
    assert found_by(violations, tmp_path) == set()


def test_a_change_log_without_an_open_section_is_named(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"CHANGELOG.md": MINI_TREE["CHANGELOG.md"].replace("Unreleased", "1.0")})
    assert "no section `## Unreleased`" in the_only(found_by(violations, tmp_path))
