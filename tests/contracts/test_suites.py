"""What every suite of the device's bench keeps, whoever wrote it."""

from __future__ import annotations

import numpy as np
import pytest

import assay.vgpu as vg
from assay.cli.commands.vgpu import bench
from assay.measure.device import SUITES, Case
from assay.record.enums import Precision

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


def test_the_command_offers_every_suite() -> None:
    assert set(bench.SUITE_NAMES) == set(SUITES.names())


@pytest.mark.parametrize("name", SUITES.names())
def test_cases_have_names_of_their_own_and_formats_that_the_record_knows(name: str) -> None:
    cases: list[Case] = SUITES.load(name)()
    assert cases
    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        assert Precision(case.precision)
        assert min(case.operations, case.moved_bytes) >= 0
        assert case.things >= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", SUITES.names())
def test_both_sides_do_the_same_again_and_again(name: str) -> None:
    for case in SUITES.load(name)():
        sides = case.prepare()
        sides.ours()
        ours = sides.ours()
        if sides.numpy is not None:
            numpy = np.asarray(sides.numpy())
            assert np.shape(ours) == numpy.shape
            if not case.name.startswith("make"):
                np.testing.assert_allclose(np.asarray(ours), numpy, rtol=1e-4)
