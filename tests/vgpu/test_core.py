from __future__ import annotations

import importlib
import os
import subprocess
import sys
from types import ModuleType

import pytest

import assay.vgpu as vg
from assay.vgpu import _python, core

PROGRAM = "import assay.vgpu as vg; info = vg.core_info(); print(info.core, info.isa, vg.sum_of(memoryview(b'')))"
WITHOUT_NATIVE = "import sys; sys.modules['assay.vgpu._native'] = None; "


def run(program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "ASSAY_ISA"} | variables
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)


def native() -> ModuleType:
    if vg.core_info().core == "python":
        pytest.skip(f"no native core: {vg.core_info().reason}")
    return importlib.import_module("assay.vgpu._native")


def test_the_core_names_itself() -> None:
    info = vg.core_info()
    assert (info.core == "native") == (info.reason == "")
    assert (info.core == "native") == (info.compiler is not None)
    assert info.isa in {*info.isas, "none"}


def test_a_required_native_core_is_the_one_in_use() -> None:
    if os.environ.get("ASSAY_REQUIRE_NATIVE", "").lower() not in {"true", "1", "yes", "on"}:
        pytest.skip("ASSAY_REQUIRE_NATIVE is not set")
    assert vg.core_info().core == "native"


def test_both_cores_see_the_same_features() -> None:
    assert native().cpu_features() == _python.cpu_features()


def test_both_cores_offer_the_same_functions() -> None:
    offered = {name for name in vars(core.Core) if not name.startswith("_")}
    assert offered <= set(dir(native()))
    assert offered <= set(dir(_python))


@pytest.mark.parametrize("isa", ["portable", "avx2", "avx512"])
def test_a_forced_instruction_set_is_used_or_refused(isa: str) -> None:
    available = isa in native().isas()
    result = run("import assay.vgpu as vg; print(vg.core_info().isa)", ASSAY_ISA=isa)
    assert (result.returncode == 0) == available
    expected = isa if available else f"ASSAY_ISA={isa}: this processor does not have it; choose one of: portable"
    assert expected in (result.stdout if available else result.stderr)


@pytest.mark.parametrize("before", ["", WITHOUT_NATIVE])
def test_an_unknown_instruction_set_is_refused_by_both_cores_alike(before: str) -> None:
    result = run(before + "import assay.vgpu as vg; vg.core_info()", ASSAY_ISA="sse9")
    assert result.returncode == 1
    last_line = result.stderr.splitlines()[-1]
    assert last_line == (
        "ValueError: isa: ASSAY_ISA=sse9: no such instruction set; choose one of: portable, avx2, avx512"
    )


def test_importing_is_cheap() -> None:
    costly = {"numpy", "msgspec", "pyarrow", "click", "hashlib", "json", "pathlib", "platform", "statistics"}
    result = run(
        f"import sys; before = set(sys.modules); import assay.vgpu; print({costly} & set(sys.modules) - before)"
    )
    assert result.stdout == "set()\n", result.stderr


def test_the_facade_knows_nothing_of_the_rest() -> None:
    program = "import sys, assay.vgpu; print([m for m in sys.modules if m.startswith('assay.') and 'vgpu' not in m])"
    assert run(program).stdout == "[]\n"
