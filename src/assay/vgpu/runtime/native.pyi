from assay.vgpu import _native as native

__all__ = ["native"]
