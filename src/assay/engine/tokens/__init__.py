"""Text to tokens and back: tokenizer.json and what GGUF files embed, chat templates, and text as it streams."""

from __future__ import annotations

from assay.engine.tokens.opening import open_tokenizer
from assay.engine.tokens.streaming import TextStream
from assay.engine.tokens.tokenizer import Tokenizer

__all__ = ["TextStream", "Tokenizer", "open_tokenizer"]
