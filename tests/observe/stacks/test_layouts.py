from __future__ import annotations

import re
import struct
from pathlib import Path

from assay.observe.stacks.layouts import SELF_DESCRIPTION_BYTES, Layout, layout_of

ROOT = Path(__file__).parents[3]


def test_the_fields_are_those_of_the_native_core_in_its_order() -> None:
    header = ROOT / "native/stacks/include/assay/stacks/layout.h"
    fields = re.findall(r"^  std::int64_t (\w+);", header.read_text(), re.MULTILINE)
    assert tuple(fields) == Layout._fields


def test_versions_before_the_first_and_after_the_last_have_no_layout() -> None:
    assert layout_of((3, 7), b"") is None
    assert layout_of((3, 14), b"") is None
    assert layout_of((2, 7), b"") is None


def _description(*, cookie: bytes = b"xdebugpy", version: int = 0x030D0000, free_threaded: int = 0) -> bytes:
    numbers = range(1, (SELF_DESCRIPTION_BYTES - 24) // 8 + 1)
    return struct.pack(f"<8sQQ{len(numbers)}Q", cookie, version, free_threaded, *numbers)


def test_version_3_13_describes_itself() -> None:
    layout = layout_of((3, 13), _description())
    assert layout is not None
    assert layout.runtime_interpreters == 3
    assert layout.minor_version == 13
    assert layout.cframe_frame == -1


def test_a_description_of_another_kind_is_not_believed() -> None:
    assert layout_of((3, 13), b"") is None
    assert layout_of((3, 13), _description(cookie=b"something"[:8])) is None
    assert layout_of((3, 13), _description(free_threaded=1)) is None
    assert layout_of((3, 13), _description(version=0x030E0000)) is None
