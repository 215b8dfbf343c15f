"""GGUF files: metadata and tensors in one file, as llama.cpp keeps models."""

from __future__ import annotations

from assay.engine.files.gguf.model import read_gguf
from assay.engine.files.gguf.reading import Gguf, read_file

__all__ = ["Gguf", "read_file", "read_gguf"]
