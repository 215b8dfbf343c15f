from assay.vgpu import _native as native
from assay.vgpu._native import Array as Array

__all__ = ["DEVICE", "PRESENT", "Array", "native"]

PRESENT: bool
DEVICE: str
