from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pytest

import assay.vgpu as vg

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


def rows(profile: vg.Profile) -> list[dict[str, object]]:
    result: list[dict[str, object]] = profile.table().to_pylist()
    return result


def test_every_launch_has_a_row_that_says_what_it_did() -> None:
    a, b, c = np.ones((4, 6), "f4"), np.ones((6, 5), "f4"), np.ones((4, 5), "f4")
    before_ns = time.perf_counter_ns()
    with vg.profile() as profile:
        vg.default_stream().gemm(a, b, c)
    (row,) = rows(profile)
    assert (row["name"], row["kind"], row["stream"]) == ("gemm_f32", "kernel", 0)
    assert row["flops"] == 2 * 4 * 6 * 5
    assert row["bytes_read"] == 4 * (4 * 6 + 6 * 5)
    assert row["bytes_written"] == 4 * 4 * 5
    assert before_ns - 50_000 <= int(str(row["start_ns"])) <= int(str(row["end_ns"]))
    assert int(str(row["end_ns"])) <= time.perf_counter_ns() + 50_000
    assert row["occupancy"] is None or 0 < float(str(row["occupancy"])) <= 1


def test_direct_calls_of_kernels_are_launches_too() -> None:
    values = np.ones(100)
    with vg.profile() as profile:
        vg.sum_of(values)
    (row,) = rows(profile)
    assert (row["name"], row["flops"], row["bytes_read"]) == ("sum_f64", 100, 800)


def test_streams_are_told_apart() -> None:
    other = vg.Stream()
    with vg.profile() as profile:
        other.nothing()
        other.synchronise()
        vg.default_stream().nothing()
    assert [row["stream"] for row in rows(profile)] == [other.id, 0]


def test_steps_of_a_graph_have_rows_that_span_their_kernels() -> None:
    stream = vg.default_stream()
    with stream.capture() as capture:
        capture.step("first")
        stream.nothing()
        stream.nothing()
        capture.step("second")
        stream.nothing()
    with vg.profile() as profile:
        stream.replay(capture.graph)
    found = rows(profile)
    steps = {row["name"]: row for row in found if row["kind"] == "step"}
    kernels = [row for row in found if row["kind"] == "kernel"]
    assert list(steps) == ["first", "second"]
    inside = [k for k in kernels if steps["first"]["start_ns"] <= k["start_ns"] <= steps["first"]["end_ns"]]  # type: ignore[operator]
    assert len(kernels) == 3
    assert len(inside) == 2


def test_outside_of_a_profile_nothing_is_kept() -> None:
    with vg.profile() as profile:
        pass
    vg.default_stream().nothing()
    assert profile.table().num_rows == 0
    assert len(profile.drain()) == 0


def test_what_finds_no_room_is_counted() -> None:
    with vg.profile(rows_per_thread=8) as profile:
        for _ in range(20):
            vg.default_stream().nothing()
    assert profile.table().num_rows == 8
    assert profile.dropped == 12


def test_draining_now_and_then_makes_room() -> None:
    with vg.profile(rows_per_thread=8) as profile:
        for _ in range(5):
            for _ in range(8):
                vg.default_stream().nothing()
            assert len(profile.drain()) == 8
    assert (profile.table().num_rows, profile.dropped) == (40, 0)


def test_one_profile_goes_on_at_a_time() -> None:
    with vg.profile(), pytest.raises(ValueError, match="stop the other profile first"):
        vg.profile().__enter__()


def test_a_profile_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        vg.profile(0)


def test_the_table_of_no_launches_has_its_columns() -> None:
    with vg.profile() as profile:
        pass
    schema = profile.table().schema
    assert schema.field("name").type == pa.string()
    assert schema.field("start_ns").type == pa.int64()


def test_counting_needs_no_pyarrow() -> None:
    program = (
        "import sys, assay.vgpu as vg\n"
        "with vg.profile() as p: vg.default_stream().nothing()\n"
        "launches, = p.launches(); print(launches.names, len(launches), 'pyarrow' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.stdout == "('nothing',) 1 False\n", result.stderr


def test_operations_on_arrays_are_launches() -> None:
    x, places = vg.ones((20, 30), dtype=vg.float32), vg.asarray([1, 2, 1])
    with vg.profile() as profile:
        y = x + x[:1]
        vg.exp(y)
        vg.sum(y, axis=1)
        y @ vg.ones((30, 7), dtype=vg.float32)
        vg.sort(y)
        y[places]
        vg.zeros(9, dtype=vg.int8)
    found = {str(row["name"]): row for row in rows(profile)}
    add = found["add_float32"]
    assert (add["flops"], add["bytes_read"], add["bytes_written"]) == (600, 4 * 630, 2400)
    assert (found["exp_float32"]["flops"], found["sum_float32"]["bytes_read"]) == (600, 2400)
    assert found["matmul_float32"]["flops"] == 2 * 20 * 30 * 7
    assert (found["sort_float32"]["flops"], found["full_int8"]["bytes_written"]) == (0, 9)
    assert found["gather_float32"]["bytes_read"] == 3 * 30 * 4 + 3 * 8
    assert all(row["stream"] == 0 and row["tier_bytes"] == 0 for row in found.values())


def test_work_on_integers_counts_no_floating_operations() -> None:
    x = vg.arange(10)
    with vg.profile() as profile:
        x + 1
    assert rows(profile)[0]["flops"] == 0
