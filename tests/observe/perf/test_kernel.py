from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.perf import kernel
from assay.observe.perf.kernel import KernelSymbols

SYMBOLS = """ffffffff81000000 T _text
ffffffff81000130 T entry
ffffffff81000200 D data
ffffffff81000130 t entry_too
ffffffffc0000000 t of_module\t[module]
"""


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A kernel of four functions, and a cache."""
    (tmp_path / "kallsyms").write_text(SYMBOLS)
    monkeypatch.setattr(kernel, "_SYMBOLS", tmp_path / "kallsyms")
    monkeypatch.setattr(kernel, "_MODULES", tmp_path / "modules")
    return {"XDG_CACHE_HOME": str(tmp_path / "cache")}


def test_an_address_is_named_by_the_function_it_lies_in(variables: dict[str, str]) -> None:
    for _ in range(2):  # as printed, and as kept
        symbols = KernelSymbols(variables)
        assert symbols.name(0xFFFFFFFF81000010) == "_text"
        assert symbols.name(0xFFFFFFFF81000300) == "entry_too"
        assert symbols.name(0xFFFFFFFFC0000005) == "of_module"
        assert symbols.name(0xFFFFFFFF80000000) is None


def test_names_are_read_once_until_a_module_comes(
    tmp_path: Path, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KernelSymbols(variables).name(0xFFFFFFFF81000010) == "_text"
    (tmp_path / "kallsyms").write_text("ffffffff81000000 T new\n")
    assert KernelSymbols(variables).name(0xFFFFFFFF81000010) == "_text"
    (tmp_path / "modules").write_text("module 16384 0 - Live 0x0\n")
    assert KernelSymbols(variables).name(0xFFFFFFFF81000010) == "new"
    monkeypatch.setattr(kernel, "_BOOT", tmp_path / "none")
    assert KernelSymbols(variables).name(0xFFFFFFFF81000010) == "new"


@pytest.mark.parametrize("content", [b"", b"assay kernel symbols 1\n9\nabc", b"assay kernel symbols 1\nx\n", b"\x00"])
def test_what_was_kept_and_is_damaged_is_read_again(tmp_path: Path, variables: dict[str, str], content: bytes) -> None:
    assert KernelSymbols(variables).name(0xFFFFFFFF81000010) == "_text"
    [file] = (tmp_path / "cache").rglob("*.symbols")
    file.write_bytes(content)
    assert KernelSymbols(variables).name(0xFFFFFFFF81000010) == "_text"


def test_a_kernel_that_hides_its_addresses_names_nothing(tmp_path: Path, variables: dict[str, str]) -> None:
    (tmp_path / "kallsyms").write_text("0000000000000000 T _text\n")
    assert KernelSymbols(variables).name(0xFFFFFFFF81000010) is None
    assert not (tmp_path / "cache").exists()
