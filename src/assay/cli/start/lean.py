"""Leaving out what a command never uses, where a library would load it unasked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Refusal:
    """A finder that knows of no pandas."""

    @staticmethod
    def find_spec(
        name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == "pandas":
            raise ImportError(name)
        return None


def leave_pandas_out() -> None:
    """Let pyarrow find no pandas when it first looks: that costs 0.2 s of processor time, while a target runs."""
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    finder = _Refusal()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(finder)
