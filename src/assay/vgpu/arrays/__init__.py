"""Arrays of the vGPU, by the Python array API standard."""

from __future__ import annotations
