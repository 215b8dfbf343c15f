"""The native functions that arrays are made of, or one clear error where the native core is missing.

For type checkers, ``native.pyi`` says what is here.
"""

from __future__ import annotations

from typing import NoReturn

from assay.vgpu.core import active


class _Absent:
    def __getattr__(self, name: str) -> NoReturn:
        message = (
            "arrays need the native core of assay.vgpu, which is not installed; "
            "install a C++ compiler (Debian: apt install g++) and reinstall with ASSAY_REQUIRE_NATIVE=true"
        )
        raise RuntimeError(message)


DEVICE = "vgpu"
"""The one device. Its memory is the machine's, so that nothing has to be moved."""

PRESENT = hasattr(active, "array_type")
"""Whether there is a native core."""

native = active if PRESENT else _Absent()
Array = native.array_type() if PRESENT else type("Array", (), {})

__all__ = ["DEVICE", "PRESENT", "Array", "native"]
