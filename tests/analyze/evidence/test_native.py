from __future__ import annotations

from assay.analyze.evidence.native import native_samples
from tests.analyze.makers import MS, Piece, frame, make_evidence, table


def test_a_native_sample_belongs_to_the_stack_of_its_thread_at_that_time() -> None:
    pieces = [Piece(ms=200, stack=(frame("f", 1),), symbol="a"), Piece(ms=200, stack=(frame("g", 2),), symbol="b")]
    evidence = make_evidence(pieces)
    native, samples = evidence.native, evidence.samples
    assert native is not None
    assert samples is not None
    pairs = {(native.symbol(row), int(samples.node[native.python[row]])) for row in range(5, len(native) - 5)}
    assert ("a", 0) in pairs
    assert ("b", 1) in pairs
    wrong = sum(native.symbol(row) != "ab"[samples.node[native.python[row]]] for row in range(len(native)))
    assert wrong <= 2


def test_a_native_sample_far_from_any_stack_belongs_to_none() -> None:
    row = {"time_ns": 9000 * MS, "pid": 100, "tid": 100, "symbol": "late", "library": "[kernel]"}
    evidence = make_evidence([Piece(ms=100, stack=(frame("f", 1),))])
    found = native_samples(table("native", [row]), evidence.samples)
    assert found is not None
    assert found.python.tolist() == [-1]
    assert found.in_kernel.tolist() == [True]


def test_without_stacks_native_samples_stand_alone() -> None:
    row = {"time_ns": 1, "pid": 1, "tid": 1, "symbol": "main", "library": "a.out"}
    found = native_samples(table("native", [row]), None)
    assert found is not None
    assert found.python.tolist() == [-1]
    assert found.matching("symbol", "^ma").tolist() == [True]
    assert native_samples(None, None) is None


def test_the_kernel_works_for_the_function_that_went_into_it() -> None:
    kernel = {"time_ns": 1, "pid": 1, "tid": 1, "symbol": "clear_page", "library": "[kernel]"}
    rows = [
        {**kernel, "callers": "do_anonymous_page;asm_exc_page_fault;memmove;bytes_concat"},
        {**kernel, "callers": "ksys_read;entry_SYSCALL_64_after_hwframe;read;memmove"},
        {**kernel, "callers": None},
        {**kernel, "symbol": "memmove", "library": "libc.so.6", "callers": "bytes_concat"},
    ]
    found = native_samples(table("native", rows), None)
    assert found is not None
    assert found.running("memmove").tolist() == [True, False, False, True]
