from __future__ import annotations

import ctypes
import re
import sys
from pathlib import Path

from assay.observe.stacks.elf import find_objects


def _library() -> tuple[Path, int]:
    """The file that holds this interpreter, and where it is mapped."""
    maps = Path("/proc/self/maps").read_text()
    mapped = re.findall(r"^([0-9a-f]+)-\S+ \S+ 00000000 .* (/.*)$", maps, re.MULTILINE)
    program = str(Path(sys.executable).resolve())
    start, file = max((line for line in mapped if "libpython" in line[1] or line[1] == program), key=_is_library)
    return Path(file), int(start, 16)


def _is_library(line: tuple[str, str]) -> bool:
    return "libpython" in line[1]


def test_an_object_lies_where_the_dynamic_linker_put_it() -> None:
    file, mapped_at = _library()
    found = find_objects(file, ["PyCode_Type", "no_such_object"])
    assert found is not None
    assert found.addresses.keys() == {"PyCode_Type"}
    here = ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, "PyCode_Type"))
    assert mapped_at - found.first_address + found.addresses["PyCode_Type"] == here


def test_what_is_no_program_has_no_objects(tmp_path: Path) -> None:
    text, empty, cut = tmp_path / "text", tmp_path / "empty", tmp_path / "cut"
    text.write_text("#!/bin/sh\n")
    empty.touch()
    cut.write_bytes(_library()[0].read_bytes()[:5000])
    assert find_objects(text, ["main"]) is None
    assert find_objects(empty, ["main"]) is None
    assert find_objects(tmp_path / "absent", ["main"]) is None
    assert find_objects(cut, ["main"]) is None
