"""Energy of processors through a private tree of the kernel's files, which the command itself moves: exact."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLACE = "/sys/class/powercap"
_NOBODY = "65534"


def zone(root: Path, path: str, name: str, energy_uj: int, range_uj: int = 262_143_328_850) -> None:
    folder = root / path
    folder.mkdir(parents=True)
    for file, content in {"name": name, "energy_uj": energy_uj, "max_energy_range_uj": range_uj}.items():
        (folder / file).write_text(f"{content}\n", encoding="utf-8")


def measured(tmp_path: Path, tree: Path, command: str) -> dict[str, Any]:
    """The record of one launch, made where ``tree`` stands at the kernel's place and nobody else sees it."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare to make a private tree with")
    place = Path("/sys/class")
    inside = f'mount -t tmpfs none {place} && mkdir -p {PLACE} && mount --bind {tree} {PLACE} && exec "$@"'
    words = [sys.executable, "-m", "assay", "--store", str(tmp_path / "store"), "measure", "--cycles", "1"]
    words += ["--warmup", "0", "--repetitions", "1", "--baseline", "0", "--energy", "rapl", "--", "sh", "-c", command]
    private = ["unshare", "-m", "sh", "-ec", inside, "sh"]
    if subprocess.run([*private, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a private tree can't be mounted here")
    ran = subprocess.run([*private, *words], env={**os.environ}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    record: dict[str, Any] = json.loads(next((tmp_path / "store/runs").glob("*/run.json")).read_bytes())
    return record


def numbers(record: dict[str, Any]) -> dict[str, Any]:
    return {metric["name"]: metric["value"] for metric in record["metrics"] if metric.get("device") is None}


def test_wraps_are_added_and_platform_cores_and_second_interfaces_are_not(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    zone(tree, "intel-rapl:0", "package-0", 262_143_000_000)
    zone(tree, "intel-rapl:0:0", "core", 5_000_000)
    zone(tree, "intel-rapl:0:1", "dram", 1_000_000)
    zone(tree, "intel-rapl:1", "psys", 7_000_000)
    zone(tree, "intel-rapl-mmio:0", "package-0", 9_000_000)
    moves = {
        "intel-rapl:0": 2_671_150,
        "intel-rapl:0:0": 9_000_000,
        "intel-rapl:0:1": 1_250_001,
        "intel-rapl:1": 99_000_000,
        "intel-rapl-mmio:0": 88_000_000,
    }
    writes = "; ".join(f"echo {energy_uj} > {PLACE}/{path}/energy_uj" for path, energy_uj in moves.items())
    record = measured(tmp_path, tree, f"sleep 0.3; {writes}; sleep 0.3")
    found = numbers(record)
    assert found["cpu_energy_j"]["value"] == pytest.approx(3.0, abs=1e-6)
    assert found["memory_energy_j"]["value"] == pytest.approx(0.250001, abs=1e-7)
    assert found["energy_j"]["value"] == pytest.approx(3.250001, abs=1e-6)
    assert [window["device"] for window in record["energy"]] == ["rapl:package-0", "rapl:package-0/dram"]


def test_counters_that_may_not_be_read_leave_null_and_the_reason(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    zone(tree, "intel-rapl:0", "package-0", 1_000_000)
    (tree / "intel-rapl:0/energy_uj").unlink()
    (tree / "intel-rapl:0/energy_uj").mkdir()
    found = numbers(measured(tmp_path, tree, "sleep 0.1"))
    assert found["cpu_energy_j"]["value"] is None
    assert "can't be read" in found["cpu_energy_j"]["reason"]
    assert found["energy_j"]["value"] is None
