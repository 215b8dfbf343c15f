from __future__ import annotations

import re
import subprocess
import sys

import pytest

from assay import __version__
from assay.cli.start import tree
from assay.cli.start.front import WELCOME, answer, group_help

HEAVY = ("numpy", "pyarrow", "torch", "starlette", "click", "msgspec", "duckdb", "scipy", "psutil", "fsspec")
QUICK = [["--help"], ["-h"], ["--version"], ["-V"], [], ["runs"], ["runs", "--help"], ["config", "-h"]]
MODULES_OF_OWN = 11
"""Modules of Assay that a quick answer may load: the package, the program, and what it is answered from."""


def modules_loaded(words: list[str]) -> set[str]:
    """What a fresh interpreter has imported when the program is done, beyond what it starts with."""
    script = (
        "import sys; before = set(sys.modules); sys.argv = ['assay', *sys.argv[1:]]\n"
        "from assay.__main__ import main; status = main()\n"
        "print('\\n' + ' '.join(sorted(set(sys.modules) - before)), file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_a_quick_answer_loads_nothing_but_itself(words: list[str]) -> None:
    loaded = modules_loaded(words)
    assert {name for name in loaded if name.partition(".")[0] in HEAVY} == set()
    own = {name for name in loaded if name.partition(".")[0] == "assay"}
    assert len(own) <= MODULES_OF_OWN
    assert loaded - own <= {"__future__"}


def test_importing_the_package_loads_nothing_but_itself() -> None:
    script = "import sys; before = set(sys.modules); import assay; print(' '.join(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) - {"__future__"} == {"assay"}


def test_the_import_clock_counts_few_modules_too() -> None:
    counts = []
    for words in (["-c", "pass"], ["-m", "assay", "--version"]):
        done = subprocess.run([sys.executable, "-X", "importtime", *words], capture_output=True, text=True, check=True)
        counts.append(sum(line.startswith("import time:") for line in done.stderr.splitlines()))
    assert counts[1] - counts[0] <= 40


def test_the_welcome_has_twelve_lines_and_three_examples_to_copy() -> None:
    lines = WELCOME.splitlines()
    assert len(lines) == 12
    examples = [line.split("  ")[1] for line in lines if line.startswith("  assay ")]
    assert examples == ["assay demo", "assay profile -- python job.py", "assay runs list"]


def test_every_command_that_the_welcome_names_exists() -> None:
    named = re.findall(r"assay ((?:runs )?[a-z]+)", WELCOME)
    assert named
    assert all(tree.find(name) for name in named)


def test_nothing_is_wider_than_a_terminal_of_eighty_columns() -> None:
    texts = [WELCOME, *(group_help(group) for group in tree.EXAMPLES)]
    assert max(len(line) for text in texts for line in text.splitlines()) <= 80


def test_help_names_every_command_and_ends_in_an_example() -> None:
    for group, example in tree.EXAMPLES.items():
        text = group_help(group)
        assert text.rstrip().endswith(f"Example:\n  {example}")
        for entry in tree.below(group):
            assert f"  {entry.word} " in text
            assert entry.summary in text


def test_help_documents_every_exit_status() -> None:
    assert re.findall(r"^ +(\d+) ", group_help(""), re.MULTILINE) == ["0", "1", "2", "70", "130"]


def test_the_version_is_the_package_s() -> None:
    assert answer(["--version"]) == f"assay {__version__}\n"


@pytest.mark.parametrize("words", [["runs", "list"], ["metrics", "--help"], ["-q"], ["nonsense"], ["--version", "x"]])
def test_everything_else_is_left_to_the_command_line_proper(words: list[str]) -> None:
    assert answer(words) is None
