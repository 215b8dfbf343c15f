from __future__ import annotations

import assay.vgpu as vg


def test_the_namespace_says_what_it_offers() -> None:
    info = vg.__array_namespace_info__()
    assert info.default_device() in info.devices()
    assert info.capabilities()["max dimensions"] == 32
    assert info.default_dtypes()["integral"] is vg.arange(1).dtype
    assert info.default_dtypes()["real floating"] is vg.zeros(1).dtype
    assert set(info.dtypes(kind="real floating")) == {"float32", "float64"}
    assert len(info.dtypes()) == 13
    assert set(info.dtypes(kind=("bool", "complex floating"))) == {"bool", "complex64", "complex128"}


def test_every_public_name_is_there() -> None:
    assert [name for name in vg.__all__ if not hasattr(vg, name)] == []
