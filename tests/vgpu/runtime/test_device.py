from __future__ import annotations

import pytest

import assay.vgpu as vg

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


def test_the_device_names_itself() -> None:
    device = vg.device()
    assert device.name == "vgpu"
    assert device.workers >= 1
    assert device.isa == vg.core_info().isa
