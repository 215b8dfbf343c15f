from __future__ import annotations

import ctypes
import os

from assay.observe.sampling.mappings import Mappings, parse_mappings

MAPS = b"""\
1000-2000 r-xp 00000000 fe:00 1 /usr/lib/with a space.so
2000-3000 rw-p 00001000 fe:00 1 /usr/lib/with a space.so
3000-4000 rw-p 00000000 00:00 0
5000-6000 rw-p 00000000 00:00 0
6000-7000 rw-p 00000000 00:00 0                          [heap]
7000-8000 r--p 00000000 00:00 0
"""


def test_zeroed_data_behind_a_file_belongs_to_it_and_nothing_else_does() -> None:
    starts, ends, names = parse_mappings(MAPS)
    assert (starts[0], ends[0]) == (0x1000, 0x2000)
    library = "/usr/lib/with a space.so"
    assert names == [library, library, library, "anonymous", "[heap]", "anonymous"]


def test_an_address_of_our_own_is_found_by_its_file() -> None:
    address = ctypes.cast(ctypes.CDLL("libc.so.6").getenv, ctypes.c_void_p).value
    assert address is not None
    mappings = Mappings(os.getpid())
    assert "libc" in mappings.name_of(address, 1)
    assert mappings.name_of(0x10, 2) == "unknown"
