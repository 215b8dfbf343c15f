from __future__ import annotations

import os
import subprocess
import sys


def test_without_the_native_core_arrays_say_how_to_get_it() -> None:
    program = (
        "import sys; sys.modules['assay.vgpu._native'] = None\n"
        "import assay.vgpu as vg\n"
        "print(vg.float32, vg.core_info().core)\n"
        "vg.zeros(3)"
    )
    variables = {name: value for name, value in os.environ.items() if name != "ASSAY_ISA"}
    result = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False)
    assert result.stdout == "assay.vgpu.float32 python\n"
    assert result.stderr.splitlines()[-1].startswith("RuntimeError: arrays need the native core of assay.vgpu")
