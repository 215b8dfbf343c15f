from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import assay.vgpu as vg
from assay.vgpu.tuning.kept import clear, described, kept_path, merge, read
from assay.vgpu.tuning.rows import KEY_WIDTH, rows_of
from assay.vgpu.tuning.types import Choice, Shape

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")

SHAPE = Shape(dtype="fp32", m=100, n=1000, k=1000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one class, in a folder that was not there."""
    path = tmp_path / "cache" / "one.tuning"
    keep(path, SHAPE, Choice(block_rows=84))
    return path


def keep(path: Path, shape: Shape, choice: Choice, remark: str = "by hand") -> None:
    (row,) = rows_of(shape, 2, choice)
    merge(path, {row[:KEY_WIDTH]: (row, remark)})


def test_what_is_kept_can_be_described(path: Path) -> None:
    (found,) = described(read(path))
    assert (found.dtype, found.sizes, found.orders, found.workers) == ("fp32", "96x768x768", "nn", 2)
    assert (found.choice, found.remark) == (Choice(block_rows=84), "by hand")


def test_classes_are_replaced_removed_and_otherwise_left_alone(path: Path) -> None:
    other = Shape(dtype="fp64", m=100, n=1000, k=1000)
    keep(path, other, Choice(cut_rows=2, cut_columns=1))
    keep(path, SHAPE, Choice(block_rows=168))
    assert [each.choice.block_rows for each in described(read(path))] == [0, 168]
    merge(path, {key: None for key in read(path).classes if key[0] == 0})
    assert [each.dtype for each in described(read(path))] == ["fp32"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text[:-1], "cut short|damaged"),
        (lambda _: "", "cut short"),
        (lambda text: text.replace(" 84 ", " 85 "), "damaged"),
        (lambda text: text.replace("tuning 1", "tuning 2"), "another version"),
        (lambda text: text.replace("machine ", "machine Other "), "another machine or build"),
        (lambda _: "\udcff", "cut short"),
        (lambda text: text + "fp3 n n 1\n", "damaged"),
    ],
)
def test_a_file_that_can_t_be_used_is_ignored_with_a_reason_and_replaced(
    path: Path, change: Callable[[str], str], reason: str
) -> None:
    path.write_bytes(change(path.read_text(encoding="utf-8")).encode("utf-8", "surrogateescape"))
    found = read(path)
    assert not found.classes
    assert any(words in found.reason for words in reason.split("|"))
    assert loaded(path) == (found.reason, 0)
    keep(path, SHAPE, Choice(block_rows=84))
    assert read(path).reason == ""
    assert len(read(path).classes) == 1


def test_a_file_is_read_by_the_core_before_its_first_product(path: Path) -> None:
    assert loaded(path) == ("", 1)
    assert loaded(path.parent / "missing") == ("", 0)


def loaded(path: Path) -> tuple[str, int]:
    """Reason and number of classes in a process that uses the file."""
    code = (
        "from assay.vgpu import _native as native\n"
        "_, reason, classes = native.gemm_tuning_state()\n"
        "print(reason.rpartition('tuning: ')[2], classes, sep='\\n')"
    )
    output = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "ASSAY_TUNING": str(path), "PYTHONPATH": ":".join(sys.path)},
    ).stdout
    reason, classes = output.splitlines()
    return reason, int(classes)


def test_processes_that_tune_at_once_lose_nothing(path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from assay.vgpu.tuning.types import Choice, Shape\n"
        "from tests.vgpu.tuning.test_kept import keep\n"
        "for i in range(30):\n"
        "    keep(Path(sys.argv[1]), Shape(dtype=sys.argv[2], m=1 << i, n=1, k=1), Choice(block_rows=42))"
    )
    environment = {**os.environ, "PYTHONPATH": ":".join([str(Path(__file__).parents[3]), *sys.path])}
    tuners = [
        subprocess.Popen([sys.executable, "-c", code, str(path), dtype], env=environment) for dtype in ("fp64", "int8")
    ]
    while any(tuner.poll() is None for tuner in tuners):
        assert read(path).reason == ""
    assert [tuner.returncode for tuner in tuners] == [0, 0]
    assert len(read(path).classes) == 1 + 2 * 30
    assert [file.name for file in path.parent.iterdir() if not file.name.endswith(".lock")] == [path.name]


def test_what_is_kept_can_be_forgotten(path: Path) -> None:
    assert clear(path)
    assert not clear(path)
    assert not path.exists()


def test_the_environment_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ASSAY_TUNING", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept_path().parent == tmp_path / "assay"
    monkeypatch.setenv("ASSAY_TUNING", str(tmp_path / "mine"))
    assert kept_path() == tmp_path / "mine"
    monkeypatch.setenv("ASSAY_TUNING", "off")
    with pytest.raises(ValueError, match="unset ASSAY_TUNING"):
        kept_path()
