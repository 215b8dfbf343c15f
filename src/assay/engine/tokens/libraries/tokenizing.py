"""Tokenizers of Hugging Face: ``pip install 'assay[llm]'``."""

from __future__ import annotations

import tokenizers

PLUGIN = tokenizers
