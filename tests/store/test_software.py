from __future__ import annotations

import pytest

import assay
from assay.errors import SettingsError
from assay.store import software
from assay.store.software import this_software
from assay.vgpu import CoreInfo


def test_the_measuring_software_names_its_core_and_why_it_has_no_compiler() -> None:
    software = this_software()
    assert software.assay == assay.__version__
    assert software.core in {"native", "python"}
    assert (software.compiler is None) == bool(software.absent)


def test_an_instruction_set_that_can_not_be_used_is_an_error_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> CoreInfo:
        raise RuntimeError("isa: ASSAY_ISA=avx512: this processor does not have it; choose one of: portable")

    monkeypatch.setattr(software, "core_info", refused)
    with pytest.raises(SettingsError, match=r"^ASSAY_ISA=avx512: this processor does not have it"):
        software.this_software()
