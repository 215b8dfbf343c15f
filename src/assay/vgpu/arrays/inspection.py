"""What this namespace offers, as the array API standard asks for it."""

from __future__ import annotations

from assay.vgpu.arrays.dtypes import DTYPES, DType, complex128, float64, int64, isdtype
from assay.vgpu.arrays.native import DEVICE

_STANDARD = tuple(dtype for dtype in DTYPES if dtype.name not in {"float16", "bfloat16"})


class NamespaceInfo:
    """Capabilities, data types and devices."""

    def capabilities(self) -> dict[str, bool | int]:
        """Shapes may depend on data, and there are at most 32 axes."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 32}

    def default_device(self) -> str:
        """The one device."""
        return DEVICE

    def default_dtypes(self, *, device: str | None = None) -> dict[str, DType]:
        """The types of numbers whose type nobody gave."""
        del device
        return {"real floating": float64, "complex floating": complex128, "integral": int64, "indexing": int64}

    def devices(self) -> tuple[str, ...]:
        """The one device."""
        return (DEVICE,)

    def dtypes(self, *, device: str | None = None, kind: str | tuple[str, ...] | None = None) -> dict[str, DType]:
        """The standard's types of some kind, by name; ``float16`` and ``bfloat16`` exist besides."""
        del device
        return {dtype.name: dtype for dtype in _STANDARD if kind is None or isdtype(dtype, kind)}


def __array_namespace_info__() -> NamespaceInfo:  # noqa: N807 (the standard's name)
    """What this namespace offers."""
    return NamespaceInfo()


__all__ = ["NamespaceInfo", "__array_namespace_info__"]
