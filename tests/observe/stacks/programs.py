"""Python programs to look at: they say when they stand where they were meant to, and wait there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")

STANDING = """
import sys, threading
end = threading.Event()
begun = threading.Barrier(3)

class Shop:
    def sell(self, depth):
        if depth:
            return self.sell(
                depth - 1
            )
        begun.wait()
        end.wait()

def straße():
    yield Shop().sell(3)

def worker():
    list(straße())

threads = [threading.Thread(target=worker, daemon=True) for _ in range(2)]
for thread in threads:
    thread.start()
source = "def made():\\n\\n  begun.wait(); print('ready', flush=True); sys.stdin.read()\\n"
exec(compile(source, "made up \\u20ac", "exec"))
made()
"""
"""Three threads that stand in a method, in a generator, and in a function that was made from a text."""


def python_of(version: str) -> str:
    """An interpreter of that version, wherever this machine has one; the test is skipped where it has none."""
    found = shutil.which(f"python{version}", path=os.pathsep.join([*_folders(version), os.environ.get("PATH", "")]))
    if found is None or subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip(f"no Python {version} on this machine")
    return found


def _folders(version: str) -> list[str]:
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    return [str(folder / "bin") for folder in sorted(versions.glob(f"{version}.*"))]


@contextmanager
def standing(folder: Path, source: str = STANDING, python: str = sys.executable) -> Iterator[subprocess.Popen[bytes]]:
    """The program, once it has said that it is ready; it ends with the block."""
    file = folder / "program.py"
    file.write_text(source, encoding="utf-8")
    words = [python, "-X", "utf8", str(file)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        yield process
    finally:
        process.kill()
        process.communicate()
