from __future__ import annotations

import gc
import subprocess
import sys
from array import array
from collections.abc import Iterator

import numpy as np
import pytest

import assay.vgpu as vg

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


@pytest.fixture(params=["default", "own"])
def stream(request: pytest.FixtureRequest) -> Iterator[vg.Stream]:
    made = vg.default_stream() if request.param == "default" else vg.Stream()
    yield made
    made.synchronise()


def test_a_sum_is_launched_into_its_result(stream: vg.Stream) -> None:
    values, result = np.arange(1000, dtype=np.float32), np.zeros(())
    stream.sum(values, result)
    stream.synchronise()
    assert result == vg.sum_of(values)


@pytest.mark.parametrize(("operand", "into"), [("f4", "f4"), ("f8", "f8"), ("i1", "i4")])
def test_a_product_is_launched_into_its_result(stream: vg.Stream, operand: str, into: str) -> None:
    generator = np.random.default_rng(1)
    a = generator.integers(-8, 8, (17, 31)).astype(operand)
    b = generator.integers(-8, 8, (31, 5)).astype(operand)
    c = np.empty((17, 5), into)
    stream.gemm(a, b, c)
    stream.synchronise()
    assert np.array_equal(c, (a.astype("i8") @ b.astype("i8")).astype(into))


def test_launches_of_a_stream_run_in_their_order(stream: vg.Stream) -> None:
    a = np.eye(3) * 2
    x, y = np.eye(3), np.empty((3, 3))
    for _ in range(10):
        stream.gemm(a, x, y)
        stream.gemm(a, y, x)
    stream.synchronise()
    assert x[0, 0] == 2.0**20


def test_operands_stay_until_the_kernel_has_run() -> None:
    stream = vg.Stream()
    results = [array("d", [0.0]) for _ in range(50)]
    for result in results:
        stream.sum(np.ones(10_000), result)
    gc.collect()
    stream.synchronise()
    assert [result[0] for result in results] == [10_000.0] * 50


def test_memory_is_let_go_of_after_the_launch() -> None:
    values = bytearray(80)
    stream = vg.Stream()
    for target in (vg.default_stream(), stream):
        target.sum(memoryview(values).cast("d"), array("d", [0.0]))
        target.synchronise()
        target.idle()
        vg.default_stream().nothing()
    values.clear()  # raises BufferError while something holds the memory
    assert not values


@pytest.mark.parametrize(
    ("a", "b", "c", "error", "message"),
    [
        (np.ones((2, 3)), np.ones((2, 3)), np.ones((2, 3)), ValueError, "shapes of operands and result"),
        (np.ones(3), np.ones((3, 3)), np.ones((3, 3)), ValueError, "two dimensions"),
        (np.ones((2, 2)), np.ones((2, 2), "f4"), np.ones((2, 2)), TypeError, "don't go together"),
        (np.ones((4, 4))[::2, ::2], np.ones((2, 2)), np.ones((2, 2)), (BufferError, ValueError), "contiguous"),
    ],
)
def test_operands_that_do_not_fit_are_refused_at_the_launch(
    a: object, b: object, c: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        vg.Stream().gemm(a, b, c)


def test_a_result_that_can_not_be_written_is_refused() -> None:
    with pytest.raises((BufferError, ValueError)):
        vg.default_stream().sum(array("d", [1.0]), b"12345678")
    with pytest.raises(ValueError, match="give one fp64"):
        vg.default_stream().sum(array("d", [1.0]), array("d", [1.0, 2.0]))


def test_a_stream_that_still_works_when_the_program_ends_is_waited_for() -> None:
    program = (
        "import assay.vgpu as vg; from array import array; s = vg.Stream(); v = array('d', bytes(8 << 20))\n"
        "for _ in range(20): s.sum(v, array('d', [0.0]))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_forked_child_launches_on_the_streams_of_its_parent() -> None:
    program = (
        "import assay.vgpu as vg, os; from array import array; s = vg.Stream(); r = array('d', [0.0])\n"
        "s.sum(array('d', [1.0]), r); s.synchronise(); child = os.fork()\n"
        "s.sum(array('d', [2.0]), r); s.synchronise(); ok = r[0] == 2.0\n"
        "if child == 0: os._exit(0 if ok else 1)\n"
        "raise SystemExit(os.waitpid(child, 0)[1] or not ok)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
