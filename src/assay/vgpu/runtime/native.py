"""The native functions that streams are made of, or one clear error where the native core is missing.

For type checkers, ``native.pyi`` says what is here.
"""

from __future__ import annotations

from typing import NoReturn

from assay.vgpu.core import active


class _Absent:
    def __getattr__(self, name: str) -> NoReturn:
        message = (
            f"{name}: this needs the native core of assay.vgpu, which is not installed; install a C++ compiler "
            "(Debian: apt install g++) and reinstall with ASSAY_REQUIRE_NATIVE=true"
        )
        raise RuntimeError(message)


native = active if hasattr(active, "stream_open") else _Absent()

__all__ = ["native"]
