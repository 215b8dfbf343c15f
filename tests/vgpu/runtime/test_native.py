from __future__ import annotations

import os
import subprocess
import sys

import pytest

import assay.vgpu as vg

pytestmark = pytest.mark.skipif(vg.core_info().core == "python", reason="no native core")


def test_without_the_native_core_one_error_says_how_to_get_it() -> None:
    program = "import sys; sys.modules['assay.vgpu._native'] = None; import assay.vgpu as vg; vg.Stream()"
    result = subprocess.run(
        [sys.executable, "-c", program], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert "RuntimeError: stream_open: this needs the native core of assay.vgpu" in result.stderr
