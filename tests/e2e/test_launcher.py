"""The ``./assay`` script, with a Python that only writes down what it is asked to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "assay"
FAKE_PYTHON = r"""#!/bin/sh
case "$*" in
  --version) echo "Python 3.8.1" ;;
  "-c import sys"*) exit "${OLD_PYTHON:-0}" ;;
  "-c import ensurepip"*) exit "${NO_VENV:-0}" ;;
  "-m venv "*)
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
    printf '#!/bin/sh\necho "ran: $*"\n' >"$3/bin/assay" && chmod +x "$3/bin/assay" ;;
  "-m pip install "*) echo "$*" >>"$INSTALLS"; exit "${PIP_STATUS:-0}" ;;
  "-m pytest"*) echo "tested: $* in $PWD" ;;
esac
"""


@dataclass(frozen=True)
class Checkout:
    """A folder with the script, the files it looks at, and a place for notes."""

    root: Path

    def run(self, *arguments: str, script: str = "assay", **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHON": str(self.root / "python"),
            "INSTALLS": str(self.root / "installs"),
            **variables,
        }
        command = [str(self.root / script), *arguments]
        return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)

    def installs(self) -> list[str]:
        notes = self.root / "installs"
        return notes.read_text().splitlines() if notes.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    if not SCRIPT.exists():
        pytest.skip("the script is not beside the tests")
    root = tmp_path / "a checkout"
    (root / "src" / "assay").mkdir(parents=True)
    (root / "native").mkdir()
    for name in ("pyproject.toml", "CMakeLists.txt", "README.md", "LICENSE", "src/assay/run.py"):
        (root / name).write_text(name)
    shutil.copy(SCRIPT, root / "assay")
    (root / "python").write_text(FAKE_PYTHON)
    (root / "python").chmod(0o755)
    return Checkout(root)


def test_the_first_call_installs_and_the_second_does_not(checkout: Checkout) -> None:
    first, second = checkout.run("doctor", "--json"), checkout.run("doctor", "--json")
    assert first.stdout == second.stdout == "ran: doctor --json\n"
    assert "preparing the environment" in first.stderr
    assert second.stderr == ""
    assert len(checkout.installs()) == 1


def test_a_changed_source_is_installed_anew(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.root / "src" / "assay" / "run.py").write_text("changed")
    checkout.run("demo")
    checkout.run("demo")
    assert len(checkout.installs()) == 2


def test_what_only_running_leaves_behind_is_no_change(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.root / "src" / "assay" / "run.pyc").write_bytes(b"compiled")
    (checkout.root / "src" / "assay" / "_native.abi3.so").write_bytes(b"compiled")
    checkout.run("demo")
    assert len(checkout.installs()) == 1


def test_tests_install_their_extra_and_run_in_the_checkout(checkout: Checkout) -> None:
    checkout.run("demo")
    result = checkout.run("test", "--quick", "tests/record", "-x")
    words = "-m pytest -n auto --maxprocesses 8 --dist worksteal -m not slow tests/record -x"
    assert result.stdout == f"tested: {words} in {checkout.root}\n"
    assert [line.endswith("[test]") for line in checkout.installs()] == [False, True]
    checkout.run("demo")
    assert len(checkout.installs()) == 2


def test_it_works_through_a_symlink_from_another_folder(checkout: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(checkout.root / "assay")
    assert checkout.run("demo", script=str(link)).stdout == "ran: demo\n"
    assert (checkout.root / ".venv-assay" / "made-from").exists()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"OLD_PYTHON": "1"}, "Python 3.8.1 is too old; set PYTHON to a Python 3.11 or newer"),
        ({"NO_VENV": "1"}, "install its venv module (Debian: apt install python3-venv)"),
        ({"PYTHON": "python-that-is-not-there"}, "install Python 3.11 or newer (Debian: apt install python3)"),
        ({"PIP_STATUS": "1"}, "the installation failed; all of its output is in"),
    ],
)
def test_what_is_missing_is_named_in_one_line(checkout: Checkout, variables: dict[str, str], message: str) -> None:
    result = checkout.run("demo", **variables)
    assert result.returncode == 2
    assert result.stdout == ""
    assert message in result.stderr.splitlines()[-1]


def test_a_failed_installation_is_tried_again(checkout: Checkout) -> None:
    assert checkout.run("demo", PIP_STATUS="1").returncode == 2
    assert checkout.run("demo").stdout == "ran: demo\n"


def test_a_folder_that_can_not_be_written_is_named(checkout: Checkout) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    checkout.root.chmod(0o555)
    result = checkout.run("demo")
    checkout.root.chmod(0o755)
    assert result.returncode == 2
    assert f"can't write in {checkout.root}" in result.stderr
