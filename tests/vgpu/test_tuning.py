from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import assay.vgpu as vg
from assay.vgpu import gemm
from assay.vgpu.runtime.native import native
from assay.vgpu.tuning import DTYPES, Choice, Dtype, MachineStopwatch, Shape, described, read, tune
from assay.vgpu.tuning.quiet import Others
from assay.vgpu.tuning.rows import rows_of, set_rows

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


@pytest.fixture(autouse=True)
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_TUNING", str(tmp_path / "tuned"))
    return tmp_path / "tuned"


@pytest.mark.parametrize("dtype", DTYPES)
def test_this_machine_can_be_tuned(own_file: Path, dtype: Dtype) -> None:
    shapes = [Shape(dtype=dtype, m=200, n=96, k=64), Shape(dtype=dtype, m=64, n=64, k=300, b_transposed=True)]
    verdicts = list(tune(shapes, path=own_file, budget_s=0.6, busy=True))
    assert {verdict.shape for verdict in verdicts} == set(shapes)
    for verdict in verdicts:
        assert bool(verdict.reason) != verdict.is_better
        assert verdict.pairs == 0 or (verdict.before_s and verdict.after_s and verdict.gain)
    assert len(described(read(own_file))) <= 2 * sum(verdict.is_better for verdict in verdicts)


def test_a_stopwatch_times_each_type() -> None:
    watch = MachineStopwatch(native.workers())
    for dtype, transposed in itertools.product(DTYPES, (False, True)):
        shape = Shape(dtype=dtype, m=70, n=80, k=90, a_transposed=transposed, b_transposed=transposed)
        assert 1e-7 < watch.product_s(shape, Choice(block_rows=42)) < 1.0
    set_rows([])


@pytest.mark.parametrize("choice", [Choice(block_rows=42, cut_rows=2, cut_columns=2), Choice(path="in_place")])
def test_a_tuned_product_has_the_same_bits(choice: Choice) -> None:
    generator = np.random.default_rng(1)
    a, b = (generator.standard_normal((300, 300)).astype(np.float32) for _ in range(2))
    by_rules, tuned = np.empty_like(a), np.empty_like(a)
    gemm.matmul_into(a, b, by_rules)
    set_rows(rows_of(Shape(dtype="fp32", m=300, n=300, k=300), native.workers(), choice))
    gemm.matmul_into(a, b, tuned)
    set_rows([])
    assert by_rules.tobytes() == tuned.tobytes()


def test_others_are_seen_and_we_are_not() -> None:
    others = Others()
    before = others.share()
    assert before is None or 0.0 <= before <= 1.0
    if before is None:
        pytest.skip("no /proc/stat")
    spins = "import time; end = time.monotonic() + 20\nwhile time.monotonic() < end: pass"
    spinning = [subprocess.Popen([sys.executable, "-c", spins]) for _ in range(os.cpu_count() or 1)]
    try:
        shares = []
        for _ in range(3):
            time.sleep(0.4)
            shares.append(others.share() or 0.0)
    finally:
        for each in spinning:
            each.kill()
            each.wait()
    assert max(shares) > 0.2
