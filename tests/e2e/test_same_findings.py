"""The same run gives the same findings, byte for byte, whoever looks at it, wherever and however often."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.program import User

SEARCHES = """
import time
seen, end = [], time.monotonic() + 2.5
while time.monotonic() < end:
    word = f"word-{len(seen) % 700}-{len(seen)}"
    if word not in seen:
        seen.append(word)
"""
AGAIN = """
import sys
from pathlib import Path
import msgspec
from assay.analyze.diagnose import analyze
from assay.analyze.rules.load import load_rules
from assay.store import open_store
run = open_store(Path(sys.argv[1])).get(sys.argv[2])
for _ in range(int(sys.argv[3])):
    print(msgspec.json.encode(analyze(run, load_rules())).decode())
"""
PLACES = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu"},
    {"PYTHONHASHSEED": "3", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/St_Johns", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "4", "COLUMNS": "40", "NO_COLOR": "1", "OMP_NUM_THREADS": "1"},
)
PYTHONS = ("python3.11", "python3.12", "python3.13")


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> User:
    """Somebody who has profiled a program."""
    user = User(tmp_path_factory.mktemp("same"))
    (user.work / "job.py").write_text(SEARCHES)
    done = user.does("profile", "--tag", "searched", "--", sys.executable, "job.py")
    assert done.returncode == 0, done.stderr
    return user


def _analysed(user: User, python: str, store: Path, times: int, more: dict[str, str]) -> set[str]:
    done = subprocess.run(
        [python, "-c", AGAIN, str(store), "searched", str(times)],
        env={**user.variables, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), **more},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.splitlines())


def test_twenty_analyses_agree_whatever_surrounds_them(user: User) -> None:
    found = set[str]()
    for place in PLACES:
        found |= _analysed(user, sys.executable, user.store, 5, place)
    (only,) = found
    assert '"linear_membership_list"' in only


def test_a_run_that_was_exported_and_imported_is_judged_alike(user: User, tmp_path: Path) -> None:
    user.gets("runs", "export", "searched", "-o", str(tmp_path / "run.tar.zst"))
    other = tmp_path / "store"
    user.gets("runs", "import", str(tmp_path / "run.tar.zst"), "--store", str(other))
    user.gets("runs", "tag", "@latest", "searched", "--store", str(other))
    assert _analysed(user, sys.executable, other, 1, {}) == _analysed(user, sys.executable, user.store, 1, {})


@pytest.mark.parametrize("name", PYTHONS)
def test_other_pythons_judge_alike(name: str, user: User) -> None:
    python = shutil.which(name)
    needed = "import msgspec, numpy, pyarrow, ruamel.yaml, scipy, ddsketch"
    if python is None or subprocess.run([python, "-c", needed], capture_output=True, check=False).returncode:
        pytest.skip(f"{name} with Assay's libraries is not installed")
    assert _analysed(user, python, user.store, 2, {}) == _analysed(user, sys.executable, user.store, 1, {})
