from __future__ import annotations

import pytest

import assay.vgpu as vg
from assay.cli.native import require_native
from assay.errors import UsageError
from assay.vgpu import core


def test_the_native_core_s_compiler_is_named() -> None:
    if vg.core_info().core == "python":
        pytest.skip("no native core")
    assert require_native("vgpu info") == vg.core_info().compiler


def test_without_it_there_is_an_error_that_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "_reason", "no module")
    with pytest.raises(UsageError, match=r"vgpu tune: .*no module.*apt install g\+\+"):
        require_native("vgpu tune")
