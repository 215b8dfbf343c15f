"""A room that prints is named; the command line prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import HEAD, found_by, mini_tree, named_by, plant, real_tree, ruff
from tools.output import violations

PLANTED = "src/assay/record/planted.py"


@pytest.mark.parametrize(
    "call",
    [
        "print('x')",
        "print('x')  # noqa: T201",
        "say = print",
        "from sys import stdout",
        "import sys\nsys.stdout.write('x')",
        "import sys\nsys.stderr.buffer.write(b'')",
        "import os\nos.write(1, b'x')",
        "from os import write as say\nsay(2, b'x')",
        "import os\nsay = os.write\nsay(1, b'x')",
        "import os\nos.fdopen(1, 'w').write('x')",
        "open('/dev/stderr', 'w').write('x')",
        "import sys as system\nsystem.stdout.write('x')",
        "import sys\nwriter = sys.stdout\nwriter.write('x')",
        "import sys\ngetattr(sys, 'stdout').write('x')",
        "import builtins\nbuiltins.print('x')",
        "from builtins import print as say\nsay('x')",
        "list(map(print, ['x']))",
    ],
)
def test_a_room_that_prints_is_named(tmp_path: Path, call: str) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + call + "\n"})
    lines = found_by(violations, tmp_path)
    assert lines
    assert all(line.startswith(PLANTED) for line in lines)
    assert all("outside the command line" in line for line in lines)


def test_what_is_written_to_an_own_file_passes(tmp_path: Path) -> None:
    text = "import os\nimport re\n\nmade = os.open('x', os.O_WRONLY)\nos.write(made, b'x')\nPATTERN = re.compile('x')\n"
    plant(mini_tree(tmp_path), {PLANTED: HEAD + text})
    assert found_by(violations, tmp_path) == set()


def test_the_command_line_prints(tmp_path: Path) -> None:
    plant(
        mini_tree(tmp_path),
        {"src/assay/cli/planted.py": HEAD + "print('x')\n", "src/assay/__main__.py": "print('x')\n"},
    )
    assert found_by(violations, tmp_path) == set()


CHILD = "\nif __name__ == '__main__':\n    main()\n"


@pytest.mark.parametrize(("call", "expected"), [("import sys\nsys.stdout.write('x')", 0), ("print('x')", 1)])
def test_a_child_program_answers_its_parent_but_does_not_print(tmp_path: Path, call: str, expected: int) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + call + "\n" + CHILD})
    assert len(found_by(violations, tmp_path)) == expected


def test_a_print_in_the_real_tree_is_named_by_both_checks(tmp_path: Path) -> None:
    pytest.importorskip("ruff", reason="ruff is not installed; pip install '.[dev]'")
    plant(real_tree(tmp_path), {"src/assay/stats/planted.py": HEAD + "print('x')\n"})
    assert "print outside the command line" in named_by("output", tmp_path, "src/assay/stats/planted.py")
    assert "src/assay/stats/planted.py:3:1:" in ruff(tmp_path, "--select", "T201").stdout
