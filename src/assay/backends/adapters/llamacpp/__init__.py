"""llama.cpp: GGUF files, the borders between attention and feed-forward parts of every layer by its own callback."""

from __future__ import annotations

from assay.backends.adapters.llamacpp.model import LlamaModel
from assay.backends.backend import Backend

PLUGIN = Backend(name="llamacpp", title="GGUF files, by llama.cpp", open=LlamaModel)
