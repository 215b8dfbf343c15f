from __future__ import annotations

import numpy as np
import pytest

from assay.engine.files.writing import raw_tensor

NUMBERS = np.arange(6 * 64, dtype=np.float32).reshape(6, 64)


@pytest.mark.parametrize("kind", ["f32", "f16", "q8_0"])
def test_a_part_is_rows_and_no_copy(kind: str) -> None:
    tensor = raw_tensor(kind, NUMBERS)
    part = tensor.part(2, 5)
    assert part.shape == (3, 64)
    assert np.shares_memory(part.data, tensor.data)
    assert np.array_equal(part.float32(), tensor.float32()[2:5])


def test_rows_and_numbers_of_a_vector_change_places() -> None:
    order = np.array([5, 4, 3, 2, 1, 0])
    assert np.array_equal(raw_tensor("f32", NUMBERS).reordered(order).float32(), NUMBERS[::-1])
    assert np.array_equal(raw_tensor("f16", NUMBERS[0, :6]).reordered(order).float32(), NUMBERS[0, 5::-1])


def test_a_tensor_of_three_dimensions_counts_rows_over_all_but_the_last() -> None:
    tensor = raw_tensor("f32", NUMBERS.reshape(2, 3, 64))
    assert (tensor.rows, tensor.columns, tensor.row_bytes) == (6, 64, 256)
    assert tensor.part(3, 6).float32().tolist() == NUMBERS[3:].tolist()
