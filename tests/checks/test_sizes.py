"""STYLE's sizes: a planted oversized file, folder or function is named, whatever comment stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import HEAD, found_by, mini_tree, named_by, plant, real_tree, the_only
from tools.sizes import violations

pytest.importorskip("ruff", reason="ruff is not installed; pip install '.[dev]'")

PLANTED = "src/assay/record/planted.py"
LONG = "def long() -> int:\n" + "".join(f"    a{number} = {number}\n" for number in range(31)) + "    return a0\n"
BRANCHES = (
    "def branches(n: int) -> int:\n"
    + "".join(f"    if n == {k}:\n        n += {k}\n" for k in range(9))
    + "    return n\n"
)
NESTED = (
    "def nested(n: int) -> int:\n    if n:\n        for a in range(n):\n            while a:\n"
    "                if a > n:\n                    return a\n    return n\n"
)
ARGUMENTS = "def arguments(a: int, b: int, c: int, d: int, e: int, f: int, g: int) -> int:\n    return a\n"
INNER = "".join(f"        if n == {k}:\n            n += {k}\n" for k in range(3)) + "        return n\n\n"
COMPLEX = (
    "def complicated(n: int) -> int:\n"
    + "".join(f"    def inner_{k}(n: int) -> int:\n{INNER}" for k in range(3))
    + "    return n\n"
)


def test_a_tree_without_violations_passes(tmp_path: Path) -> None:
    assert found_by(violations, mini_tree(tmp_path)) == set()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LONG, "Too many statements (31 > 30)"),
        (NESTED, "Too many nested blocks (4 > 3)"),
        (ARGUMENTS, "Too many arguments in function definition (7 > 6)"),
        (COMPLEX, "`complicated` is too complex (13 > 8)"),
    ],
)
def test_an_oversized_function_is_named(tmp_path: Path, text: str, message: str) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + text})
    line = the_only(found_by(violations, tmp_path))
    assert line.startswith(f"{PLANTED}:")
    assert message in line


def test_a_function_with_many_branches_is_named(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + BRANCHES})
    assert any("Too many branches (9 > 8)" in line for line in found_by(violations, tmp_path))


def test_no_comment_waives_a_size(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + LONG.replace(":\n", ":  # noqa: PLR0915\n", 1)})
    assert "Too many statements" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize(
    "settings",
    [
        {"src/assay/record/ruff.toml": "[lint.pylint]\nmax-statements = 99\n"},
        {".gitignore": "planted.py\n"},
    ],
    ids=["a setting of one folder", "a file that git ignores"],
)
def test_no_setting_waives_a_size(tmp_path: Path, settings: dict[str, str]) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + LONG, **settings})
    assert "Too many statements" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize(
    ("old", "new"),
    [("max-statements = 30", "max-statements = 99"), ('"docs/**" = [', '"src/**" = ["PLR0915"]\n"docs/**" = [')],
)
def test_a_limit_that_the_project_widens_still_holds(tmp_path: Path, old: str, new: str) -> None:
    settings = (mini_tree(tmp_path) / "pyproject.toml").read_text(encoding="utf-8")
    assert old in settings
    plant(tmp_path, {"pyproject.toml": settings.replace(old, new), PLANTED: HEAD + LONG})
    assert "Too many statements" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize("head", ["class Box:\n    async ", "if True:\n    "])
def test_an_oversized_function_is_named_wherever_it_stands(tmp_path: Path, head: str) -> None:
    inner = head.rpartition("\n")[2] + LONG.replace("\n    ", "\n        ")
    plant(mini_tree(tmp_path), {PLANTED: HEAD + head.rpartition("\n")[0] + "\n" + inner})
    assert "Too many statements" in the_only(found_by(violations, tmp_path))


def test_a_waiver_for_a_whole_file_is_named(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {PLANTED: "# ruff" + ": noqa\n" + HEAD})
    assert f"{PLANTED}:1: lint is waived for a whole file" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize(("lines", "expected"), [(400, 0), (401, 1)])
def test_a_file_ends_at_400_lines(tmp_path: Path, lines: int, expected: int) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + "\n" * (lines - 2)})
    assert len(found_by(violations, tmp_path)) == expected


@pytest.mark.parametrize(("modules", "expected"), [(12, 0), (13, 1)])
def test_a_folder_ends_at_twelve_files(tmp_path: Path, modules: int, expected: int) -> None:
    names = [f"src/assay/stats/planted_{number}.py" for number in range(modules)]
    plant(mini_tree(tmp_path), dict.fromkeys([*names, "src/assay/stats/__init__.py"], HEAD))
    assert len(found_by(violations, tmp_path)) == expected


def test_an_oversized_function_in_the_real_tree_is_named(tmp_path: Path) -> None:
    plant(real_tree(tmp_path), {"src/assay/stats/planted.py": HEAD + LONG})
    assert "planted.py:3: Too many statements" in named_by("sizes", tmp_path, "src/assay/stats/planted.py")
