from __future__ import annotations

from assay.cli.terminal.style import paint
from assay.cli.views.bench import bench_lines
from assay.record.documents import BenchRow, VgpuBench

PRODUCT = BenchRow(
    suite="gemm",
    case="fp32 64 x 64 x 64",
    precision="fp32",
    time_s=2e-6,
    low_s=1.9e-6,
    high_s=2.1e-6,
    operations_per_s=262e9,
    bytes_per_s=None,
    ceiling_share=0.98,
    numpy_s=4e-6,
    numpy_ratio=2.0,
    ratio_low=1.9,
    ratio_high=2.1,
)
TASK = BenchRow(
    suite="pool",
    case="a task",
    precision="unspecified",
    time_s=2e-9,
    low_s=None,
    high_s=None,
    operations_per_s=None,
    bytes_per_s=None,
    ceiling_share=None,
    numpy_s=None,
    numpy_ratio=None,
    ratio_low=None,
    ratio_high=None,
)


def test_a_row_says_time_rate_share_and_ratio_or_that_there_is_none() -> None:
    document = VgpuBench(
        processor="a processor",
        workers=2,
        isa="avx2",
        numpy="2.0",
        session="s",
        seed=1,
        blocks=9,
        others_share=None,
        rows=(PRODUCT, TASK),
        runs=(),
    )
    lines = [paint(line, color=False) for line in bench_lines(document, None)]
    assert lines[0] == "a processor, 2 workers, avx2"
    assert "9 blocks, against NumPy 2.0" in lines[1]
    assert " ".join(lines[4].split()) == "gemm fp32 64 x 64 x 64 2.00 µs 262.0 Gop/s 0.98 2.00 1.90 to 2.10"
    assert " ".join(lines[5].split()) == "pool a task 2.00 ns - - - -"
