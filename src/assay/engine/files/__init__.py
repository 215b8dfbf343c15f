"""Models on disk: safetensors folders and GGUF files, read over maps by readers that check each claim first."""

from __future__ import annotations

from assay.engine.files.model import Model, open_model

__all__ = ["Model", "open_model"]
