from __future__ import annotations

import numpy as np
import pytest

from assay.engine.blocks import decode
from assay.engine.quantise import encode


def test_sixteen_bits_round_to_the_nearest_and_ties_to_even() -> None:
    numbers = np.array([1.0, 1.0 + 2**-8, 1.0 + 3 * 2**-8, -np.inf, np.nan], dtype=np.float32)
    found = decode("bf16", encode("bf16", numbers))
    assert found[:4].tolist() == [1.0, 1.0, 1.0 + 2**-6, -np.inf]
    assert np.isnan(found[4])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_largest_number_of_four_bits_is_kept_with_its_sign(sign: float) -> None:
    numbers = np.zeros(32, dtype=np.float32)
    numbers[7] = sign * 4.0
    assert decode("q4_0", encode("q4_0", numbers)).tolist() == numbers.tolist()


@pytest.mark.parametrize("kind", ["q4_k", "q6_k"])
def test_each_group_of_a_block_has_a_scale_of_its_own(kind: str) -> None:
    random = np.random.default_rng(1).standard_normal(256).astype(np.float32)
    numbers = random * np.repeat(np.array([1.0, 10.0] * 4, dtype=np.float32), 32)
    small = np.abs(numbers - decode(kind, encode(kind, numbers))).reshape(8, 32)[::2].max()
    assert small < 0.5
