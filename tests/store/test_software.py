from __future__ import annotations

import assay
from assay.store.software import this_software


def test_the_measuring_software_names_its_core_and_why_it_has_no_compiler() -> None:
    software = this_software()
    assert software.assay == assay.__version__
    assert software.core in {"native", "python"}
    assert (software.compiler is None) == bool(software.absent)
