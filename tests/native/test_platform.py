"""What the build refuses, in a sentence, before it compiles anything."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checks.planting import REPOSITORY

pytestmark = pytest.mark.skipif(
    not (shutil.which("cmake") and shutil.which("ninja")),
    reason="CMake or Ninja is missing; apt install cmake ninja-build",
)
FREE_THREADED = """#!/bin/sh
# A Python that says of itself what a free-threaded one says.
case "$*" in
  *Py_GIL_DISABLED*) echo 1 ;;
  *) exec {python} "$@" ;;
esac
"""


def configured(folder: Path, *definitions: str) -> subprocess.CompletedProcess[str]:
    """Configure the build with a Python that has no stable ABI."""
    python = folder / "python3"
    python.write_text(FREE_THREADED.format(python=sys.executable), encoding="utf-8")
    python.chmod(0o755)
    words = [*("cmake", "-G", "Ninja", "-S", str(REPOSITORY), "-B", str(folder / "build")), *definitions]
    return subprocess.run(
        [*words, f"-DPython_EXECUTABLE={python}"], capture_output=True, text=True, check=False, timeout=120
    )


def test_a_free_threaded_python_is_refused_with_the_reason_and_the_remedy(tmp_path: Path) -> None:
    done = configured(tmp_path)
    said = " ".join(done.stderr.split())
    assert done.returncode != 0
    assert "this is a free-threaded Python, which has no stable ABI. Use a Python with the GIL." in said


def test_an_install_that_may_do_without_the_core_says_so_and_goes_on(tmp_path: Path) -> None:
    done = configured(tmp_path, "-DASSAY_FALLBACK=ON")
    assert done.returncode == 0, done.stderr
    assert "Installing the pure-Python core instead" in " ".join(done.stderr.split())
