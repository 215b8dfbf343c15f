"""The gate against code that runs what it reads has no gap and no key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checks.planting import HEAD, found_by, mini_tree, named_by, plant, real_tree, the_only
from tools.security import violations

PLANTED = "src/assay/record/planted.py"


@pytest.mark.parametrize("folder", ["src/assay/record", "tests/record", "tools", "bench", "examples"])
def test_every_folder_is_guarded(tmp_path: Path, folder: str) -> None:
    plant(mini_tree(tmp_path), {f"{folder}/planted.py": HEAD + "import pickle\n"})
    assert the_only(found_by(violations, tmp_path)).startswith(f"{folder}/planted.py:3: pickle is imported")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import marshal", "marshal is imported"),
        ("from pickle import loads", "pickle is imported"),
        ("import yaml\nyaml.load('x')", "yaml is imported"),
        ("import importlib\nimportlib.import_module('pickle')", "pickle is imported"),
        ("eval('1')", "eval is used"),
        ("exec('x = 1')  # noqa: S102  # nosec", "exec is used"),
        ("run = eval", "eval is used"),
        ("import builtins\nbuiltins.exec('1')", "exec is used"),
        ("import builtins\ngetattr(builtins, 'eval')('1')", "eval is used"),
        ("code = compile('1', 'x', 'eval')", "compile is used"),
        ("__builtins__['ev' + 'al']('1')", "__builtins__ is used"),
        ("import os\nvars(os)['__builtins__']", "__builtins__ is named by its text"),
        ("import pty\npty.spawn('sh')", "pty.spawn is used"),
        ("from pty import spawn", "pty.spawn is imported"),
        ("import os as system\nsystem.popen('ls')", "os.popen is used"),
        ("import os\nrun = os.system", "os.system is used"),
        ("import subprocess as s\ns.run('ls', shell='yes')", "shell= is passed to subprocess.run"),
        ("import subprocess\nSHELL = 1\nsubprocess.run('ls', shell=SHELL)", "shell= is passed to subprocess.run"),
        ("from importlib import import_module as load\nload('pickle')", "pickle is imported"),
        ("import runpy\nrunpy.run_path('x')", "runpy.run_path is used"),
        ("table = object()\ntable.to_pickle('x')", "to_pickle is used"),
        ("from torch import load\nload('x')", "torch.load without weights_only=True"),
        ("import os\nos.system('ls')", "os.system is used"),
        ("from os import system", "os.system is imported"),
        ("import subprocess\nsubprocess.run('ls', shell=True)", "shell=True is passed"),
        ("import subprocess\nsubprocess.run('ls', shell=1)", "shell=True is passed"),
        ("OPTIONS = {'shell': True}", "shell=True is passed"),
        ("import asyncio\nasyncio.create_subprocess_shell('ls')", "asyncio.create_subprocess_shell is used"),
        ("import subprocess\nsubprocess.getoutput('ls')", "subprocess.getoutput is used"),
        ("import numpy\nnumpy.load('x', allow_pickle=True)", "allow_pickle=True is passed"),
        ("import torch\ntorch.load('x')", "torch.load without weights_only=True"),
        ("from ruamel.yaml import YAML\nYAML(typ='unsafe')", "typ='unsafe' is passed"),
    ],
)
def test_unsafe_code_is_named(tmp_path: Path, text: str, what: str) -> None:
    plant(mini_tree(tmp_path), {PLANTED: HEAD + text + "\n"})
    line = the_only(found_by(violations, tmp_path))
    assert line.startswith(PLANTED)
    assert what in line


def test_safe_code_passes(tmp_path: Path) -> None:
    text = (
        "import re\nimport subprocess\n\nsubprocess.run(['ls'], shell=False)\n"
        "model = object()\nmodel.eval()\nre.compile('x')\n"
    )
    plant(mini_tree(tmp_path), {PLANTED: HEAD + text})
    assert found_by(violations, tmp_path) == set()


@pytest.mark.parametrize("text", ["import pickle", "print(eval('1'))", "import os\nos.system('x')"])
def test_unsafe_code_in_the_real_tree_is_named(tmp_path: Path, text: str) -> None:
    plant(real_tree(tmp_path), {"src/assay/stats/planted.py": HEAD + text + "\n"})
    assert re.search("(pickle|eval|os.system) is ", named_by("security", tmp_path, "src/assay/stats/planted.py"))
