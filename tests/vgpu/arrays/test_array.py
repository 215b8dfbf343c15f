from __future__ import annotations

import gc
import resource
import sys
import tracemalloc
from typing import Any

import numpy as np
import pytest

import assay.vgpu as vg
from tests.vgpu.arrays.makers import ALL, assert_same, made
from tests.vgpu.sanitized import SANITIZED


def test_an_array_describes_itself() -> None:
    x = vg.asarray(made("float32", (3, 4)))[:, ::2]
    assert (x.shape, x.strides, x.ndim, x.size, x.itemsize, x.nbytes) == ((3, 2), (16, 8), 2, 6, 4, 24)
    assert (x.dtype, x.device, x.contiguous, x.read_only, len(x)) == (vg.float32, "vgpu", False, False, 3)
    assert repr(vg.asarray([[1, 2]])) == "Array([[1, 2]], dtype=int64)"
    assert repr(vg.zeros((100, 100))) == "Array(<100 × 100 elements>, dtype=float64)"


def test_it_names_its_namespace() -> None:
    x = vg.zeros(1)
    assert x.__array_namespace__() is vg
    assert x.__array_namespace__(api_version="2024.12") is vg
    with pytest.raises(ValueError, match="is not known"):
        x.__array_namespace__(api_version="2030.12")


@pytest.mark.parametrize("dtype", ALL)
def test_numpy_sees_the_memory(dtype: str) -> None:
    x = vg.asarray(made(dtype, (2, 3)), copy=True)
    for seen in (np.asarray(x), np.asarray(memoryview(x)), np.from_dlpack(x), x.__array__()):
        assert seen.dtype == np.dtype(dtype)
        seen[0, 0] = 1
        assert x[0, 0].item() == 1
        seen[0, 0] = 0
    assert np.asarray(x, dtype=np.complex128).dtype == np.complex128
    with pytest.raises(ValueError, match="without a copy"):
        x.__array__(np.dtype("V1"), copy=False)


def test_numpys_functions_take_arrays() -> None:
    assert np.sum(vg.arange(5)) == 10
    assert isinstance(np.arange(3) + vg.arange(3), np.ndarray)


TORCH_TYPES = (*ALL, "float16", "bfloat16")


@pytest.mark.parametrize("dtype", TORCH_TYPES)
def test_torch_shares_the_memory_both_ways(dtype: str) -> None:
    torch = pytest.importorskip("torch")
    x = vg.zeros((2, 3), dtype=getattr(vg, dtype))
    tensor = torch.from_dlpack(x)
    assert (tensor.dtype, tensor.data_ptr()) == (getattr(torch, dtype), x.pointer)
    tensor[1, 2] = 1
    assert x[1, 2].item() == 1
    other = torch.ones(4, dtype=getattr(torch, dtype))
    back = vg.from_dlpack(other)
    assert (back.dtype.name, back.pointer) == (dtype, other.data_ptr())
    back[0] = 0
    assert other[0].item() == 0


def test_torch_and_arrays_see_each_others_strides() -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.arange(24.0).reshape(4, 6)
    for part in (tensor.T, tensor[1::2, ::3], tensor[2], tensor[:, None].expand(4, 3, 6), tensor[:0], tensor[3, 5]):
        seen = vg.from_dlpack(part)
        assert seen.size == 0 or seen.pointer == part.data_ptr()
        assert_same(seen, part.numpy())
    x = vg.reshape(vg.arange(24), (4, 6))
    for own in (x.T, x[1::2, ::3], x[2], vg.broadcast_to(x[0], (3, 6)), x[:0], x[3, 5]):
        np.testing.assert_array_equal(torch.from_dlpack(own).numpy(), np.asarray(own))


def test_memory_lives_as_long_as_either_side_needs_it() -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.from_dlpack(vg.arange(1000))
    seen = vg.from_dlpack(torch.arange(1000))[500:]
    gc.collect()
    filler = [vg.zeros(1000, dtype=vg.int64) for _ in range(20)]
    assert len(filler) == 20
    assert tensor.tolist() == list(range(1000))
    assert seen.tolist() == list(range(500, 1000))


def test_torch_gets_copies_and_says_what_it_can_not_share() -> None:
    torch = pytest.importorskip("torch")
    x = vg.arange(5)
    copy = torch.from_dlpack(x, copy=True)
    copy[0] = 9
    assert x[0].item() == 0
    assert torch.from_dlpack(x[::-1], copy=True).tolist() == [4, 3, 2, 1, 0]
    for unshared in (torch.ones(2, requires_grad=True), torch.ones(2, dtype=torch.complex64).conj()):
        with pytest.raises(BufferError):
            vg.from_dlpack(unshared)
    with pytest.raises(ValueError, match="read-only"):
        vg.asarray(b"abcd").__dlpack__()  # as PyTorch before 2.9 asks for it


def test_negative_strides_are_not_exported() -> None:
    x = vg.arange(5)[::-1]
    with pytest.raises(BufferError, match="negative strides"):
        np.from_dlpack(x)
    assert np.from_dlpack(x, copy=True).tolist() == [4, 3, 2, 1, 0]
    assert vg.from_dlpack(x).tolist() == [4, 3, 2, 1, 0]
    assert vg.from_dlpack(x).pointer == x.pointer


@pytest.mark.skipif(SANITIZED, reason="AddressSanitizer faults pages of its own")
def test_reused_memory_of_megabytes_faults_no_pages() -> None:
    x, y = vg.ones((1 << 21,)), vg.ones((1 << 21,))
    for _ in range(3):
        z = x + y
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        z = vg.exp(x + y)
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    assert z[0].item() > 7
    assert faults < 100  # 8,000 pages of 4 KiB a result, were they new


def test_views_keep_the_memory_of_what_they_see_alive() -> None:
    capsule = vg.arange(1000).__dlpack__()
    assert "dltensor" in repr(capsule)
    del capsule
    part = vg.arange(1000)[990:]
    seen = np.asarray(vg.arange(1000)[5:7])
    gc.collect()
    assert part.tolist() == list(range(990, 1000))
    assert seen.tolist() == [5, 6]


@pytest.mark.parametrize(
    ("options", "error"),
    [({"stream": 1}, ValueError), ({"dl_device": (2, 0)}, BufferError)],
)
def test_memory_of_other_devices_is_refused(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match="__dlpack__"):
        vg.zeros(1).__dlpack__(**options)


def test_read_only_memory_is_exported_as_such() -> None:
    x = vg.asarray(b"abcd")
    assert memoryview(x).readonly
    assert not np.from_dlpack(x).flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        x.__dlpack__()


def test_a_copy_for_dlpack_is_apart() -> None:
    x = vg.zeros(3)
    copy = vg.from_dlpack(x, copy=True)
    copy[0] = 1
    assert x[0].item() == 0


@pytest.mark.parametrize(("value", "kind"), [(3, int), (2.5, float), (True, bool), (1 + 2j, complex)])
def test_a_single_element_becomes_a_number(value: Any, kind: Any) -> None:
    x = vg.asarray(value)
    assert kind(x) == value
    assert complex(x) == value
    assert x.item() == x.tolist() == value


@pytest.mark.parametrize("convert", [int, float, complex, bool, range])
def test_several_elements_are_no_number(convert: Any) -> None:
    with pytest.raises(TypeError):
        convert(vg.zeros((2,)))
    with pytest.raises(ValueError, match="exactly one element"):
        vg.zeros((2,)).item()


def test_only_integers_are_an_index() -> None:
    assert [10, 20, 30][vg.asarray(1)] == 20
    with pytest.raises(TypeError, match="only an array of integers"):
        range(vg.asarray(1.0))


def test_transposes_are_views_of_matrices() -> None:
    x = vg.asarray(made("int8", (2, 3, 4)))
    assert_same(x[0].T, np.asarray(x)[0].T)
    assert_same(x.mT, np.asarray(x).swapaxes(1, 2))
    with pytest.raises(ValueError, match="T: needs two axes, not 3"):
        _ = x.T
    with pytest.raises(ValueError, match="mT: needs at least two axes"):
        _ = vg.zeros(3).mT


def test_there_is_one_device() -> None:
    x = vg.zeros(1)
    assert x.to_device(x.device) is x
    with pytest.raises(ValueError, match="there is one device"):
        x.to_device("cuda")


def test_arrays_are_iterated_along_the_first_axis() -> None:
    assert [row.tolist() for row in vg.asarray([[1, 2], [3, 4]])] == [[1, 2], [3, 4]]
    with pytest.raises(TypeError, match="no dimensions"):
        list(vg.asarray(1))


def test_nested_lists_come_back() -> None:
    assert vg.zeros((2, 0)).tolist() == [[], []]
    assert vg.zeros((0, 2)).tolist() == []
    assert vg.reshape(vg.arange(8), (2, 2, 2))[::-1].tolist() == [[[4, 5], [6, 7]], [[0, 1], [2, 3]]]


def test_arrays_are_made_by_functions_alone() -> None:
    with pytest.raises(TypeError, match="cannot create"):
        vg.Array()


def test_a_view_can_not_leave_the_memory() -> None:
    from assay.vgpu import _native

    x = vg.zeros((4,))
    for offset, shape, strides in ((0, (5,), (8,)), (-8, (1,), (8,)), (0, (2,), (-8,)), (0, (2**61,), (8,))):
        with pytest.raises((ValueError, MemoryError)):
            _native.array_view(x, offset, shape, strides, x.dtype.code)
    with pytest.raises(ValueError, match="outside"):
        _native.array_gather(x, 0, vg.asarray([32]), (), ())
    with pytest.raises(ValueError, match="outside"):
        _native.array_scatter(x, 0, vg.asarray([-8]), (), (), vg.zeros(1))


def test_a_view_that_can_not_be_made_leaves_the_memory_alone() -> None:
    from assay.vgpu import _native

    x = vg.arange(1000)
    for _ in range(3):
        with pytest.raises((ValueError, MemoryError)):
            _native.array_view(x, 0, (0, 2**40, 2**40), (8, 8, 8), x.dtype.code)
    assert_same(x, np.arange(1000))


def test_operations_leak_neither_objects_nor_references() -> None:
    def work() -> None:
        x = vg.asarray([[1.0, 2.0], [3.0, 4.0]])
        for _ in range(50):
            y = (x + 1) @ x.T
            vg.sum(y, axis=0)[vg.asarray([0])] = 2
            np.asarray(vg.from_dlpack(y))
            with pytest.raises(ValueError, match="broadcast"):
                _ = y + vg.zeros(3)

    work()
    gc.collect()  # or the collection below would also count what other tests left
    before = sys.getrefcount(vg.Array), sys.getrefcount(None)
    tracemalloc.start()
    work()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert abs(sys.getrefcount(vg.Array) - before[0]) < 10
    assert abs(sys.getrefcount(None) - before[1]) < 100
    assert size < 50_000
