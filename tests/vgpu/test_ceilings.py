from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import assay.vgpu as vg
from assay.vgpu.ceilings import machine, measuring
from assay.vgpu.ceilings.kept import cache_path
from assay.vgpu.ceilings.machine import cache_levels, processor_name

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(measuring, "_TRIES", 2)
    monkeypatch.setattr(measuring, "_TRY_NS", 20_000)
    monkeypatch.setattr(measuring, "_DRAM_BYTES", 1 << 20)
    monkeypatch.setattr(measuring, "cache_levels", lambda: [(1, 32 << 10), (2, 256 << 10)])


def test_every_type_and_level_has_a_ceiling_or_a_reason() -> None:
    found = vg.ceilings()
    assert {peak.dtype for peak in found.peaks} == {"fp64", "fp32", "bf16", "int8"}
    assert all((peak.operations_per_s is None) == bool(peak.reason) for peak in found.peaks)
    assert {(b.level, b.kind) for b in found.bandwidths} == {
        (level, kind) for level in ("L1", "L2", "DRAM") for kind in ("read", "write", "copy")
    }
    assert all(bandwidth.bytes_per_s > 0 for bandwidth in found.bandwidths)
    peak = found.peak("fp32", 1)
    assert peak is not None
    assert peak > 1e8
    assert found.bandwidth("L1", "read", 1) is not None
    assert found.peak("fp3", 1) is None


def test_they_are_kept_until_they_are_measured_again() -> None:
    first = vg.ceilings()
    assert vg.ceilings() == first
    assert vg.ceilings(measure=True) != first


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"peaks": 3}', "\udcff"])
def test_a_damaged_file_is_measured_anew(content: str) -> None:
    first = vg.ceilings()
    cache_path().write_text(content, encoding="utf-8", errors="surrogateescape")
    assert vg.ceilings() != first
    assert json.loads(cache_path().read_text(encoding="utf-8"))["machine"] == first.machine


def test_another_machine_s_file_is_not_used() -> None:
    first = vg.ceilings()
    kept = json.loads(cache_path().read_text(encoding="utf-8"))
    cache_path().write_text(json.dumps(kept | {"machine": "other"}), encoding="utf-8")
    assert vg.ceilings() != first


def test_a_folder_that_can_not_be_written_only_means_measuring_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert vg.ceilings().workers == vg.device().workers


def test_a_machine_that_does_not_describe_itself_has_usual_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processor_name()
    monkeypatch.setattr(machine, "_CACHES", Path("/nowhere"))
    assert [level for level, _ in cache_levels()] == [1, 2, 3]


def test_a_forced_instruction_set_without_dot_products_says_so() -> None:
    program = (
        "import assay.vgpu as vg; from assay.vgpu.ceilings import measuring as m; m._TRIES = m._TRY_NS = 2\n"
        "print(m._peak('int8', 'dot_i8', 1).reason[:13])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"ASSAY_ISA": "portable"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout == "the processor\n", result.stderr
