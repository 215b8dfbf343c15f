from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assay.observe.stacks.interpreter import Interpreter, Unknown, find_interpreter
from tests.observe.stacks.programs import VERSIONS, python_of, standing


def test_this_interpreter_is_found_in_its_own_process() -> None:
    found = find_interpreter(os.getpid())
    assert isinstance(found, Interpreter)
    assert found.version == sys.version_info[:2]
    assert found.layout.code_type == id(type(find_interpreter.__code__))


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_is_told_from_the_process(version: str, tmp_path: Path) -> None:
    with standing(tmp_path, python=python_of(version)) as process:
        found = find_interpreter(process.pid)
    assert isinstance(found, Interpreter)
    assert ".".join(map(str, found.version)) == version


def test_other_programs_have_no_interpreter_and_that_is_said() -> None:
    with subprocess.Popen(["sleep", "30"]) as process:
        found = find_interpreter(process.pid)
        process.kill()
    assert isinstance(found, Unknown)
    assert "no Python" in found.reason


def test_a_process_that_is_gone_is_told_apart() -> None:
    with subprocess.Popen(["true"]) as process:
        pass
    found = find_interpreter(process.pid)
    assert isinstance(found, Unknown)
    assert "can't be read" in found.reason
