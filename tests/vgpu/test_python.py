from __future__ import annotations

import os
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from assay.vgpu import _python


def run_without_native(program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "ASSAY_ISA"} | variables
    program = f"import sys; sys.modules['assay.vgpu._native'] = None; import assay.vgpu as vg; {program}"
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)


def test_the_python_core_takes_over_and_says_why() -> None:
    result = run_without_native("print(vg.core_info())")
    assert result.returncode == 0
    assert "core='python', isa='none', isas=()" in result.stdout
    assert "compiler=None" in result.stdout
    assert "_native" in result.stdout.partition("reason=")[2]


def test_the_python_core_refuses_an_instruction_set_it_does_not_have() -> None:
    result = run_without_native("vg.core_info()", ASSAY_ISA="avx2")
    assert "RuntimeError: isa: ASSAY_ISA=avx2: the Python core has no instruction sets" in result.stderr


def test_the_python_core_admits_what_it_can_not_read() -> None:
    resolution_ns, read_ns, _, tsc_hz, tsc_error_ppm = _python.clock_facts(1000)
    assert resolution_ns >= 1
    assert read_ns > 0
    assert tsc_hz is None
    assert tsc_error_ppm is None


def test_the_python_core_refuses_a_rung_it_lacks() -> None:
    with pytest.raises(RuntimeError, match="the Python core has no avx2 rung"):
        _python.sum_buffer(array("d", [1.0]), "avx2")


def test_the_python_core_lists_reference_kernels_alone() -> None:
    assert {rung for _, _, rung in _python.kernels()} == {"reference"}


def test_the_python_core_sums_in_the_order_of_the_lanes() -> None:
    # 32 lanes: 2**53 and the first 1.0 meet in lane 0, where the 1.0 is lost; the second 1.0 is alone in lane 1.
    values = [0.0] * 34
    values[0], values[32], values[33] = 2.0**53, 1.0, 1.0
    assert _python.sum_buffer(array("d", values), "reference") == 2.0**53
    values[1] = 1.0
    assert _python.sum_buffer(array("d", values), "reference") == 2.0**53 + 2


def test_features_are_empty_where_the_kernel_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(path: Path, **options: str) -> str:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "read_text", unreadable)
    assert _python.cpu_features() == ()
