"""Code without a test file, and test files without code, are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import HEAD, found_by, mini_tree, named_by, plant, real_tree, the_only
from tools.mirror import violations

CODE = HEAD + "def code() -> int:\n    return 1\n"


def test_a_tree_without_violations_passes(tmp_path: Path) -> None:
    assert found_by(violations, mini_tree(tmp_path)) == set()


def test_code_without_a_test_is_named(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"src/assay/record/planted.py": CODE})
    line = the_only(found_by(violations, tmp_path))
    assert line == "src/assay/record/planted.py:1: code without a test file; write tests/record/test_planted.py"


@pytest.mark.parametrize(
    ("code", "test"),
    [
        ("record/planted.py", "record/test_planted.py"),
        ("record/_planted.py", "record/test_planted.py"),
        ("record/inner/planted.py", "record/inner/test_planted.py"),
        ("record/inner/planted.py", "record/test_planted.py"),
        ("record/inner/planted.py", "record/test_inner.py"),
        ("observe/collectors/planted.py", "contracts/test_collectors.py"),
        ("planted.py", "test_planted.py"),
    ],
)
def test_a_test_may_lie_beside_its_like_or_with_its_folder(tmp_path: Path, code: str, test: str) -> None:
    plant(mini_tree(tmp_path), {f"src/assay/{code}": CODE, f"tests/{test}": HEAD})
    assert found_by(violations, tmp_path) == set()


def test_declarations_need_no_test(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"src/assay/record/planted.py": HEAD + "class Row:\n    wall_s: float\n"})
    assert found_by(violations, tmp_path) == set()


def test_a_test_without_its_file_is_named(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"tests/record/test_gone.py": HEAD, "tests/record/test_run_with_more.py": HEAD})
    assert the_only(found_by(violations, tmp_path)).startswith("tests/record/test_gone.py:1: no file of record")


def test_a_missing_test_in_the_real_tree_is_named(tmp_path: Path) -> None:
    plant(real_tree(tmp_path), {"src/assay/stats/planted.py": CODE})
    assert named_by("mirror", tmp_path, "src/assay/stats/planted.py")
