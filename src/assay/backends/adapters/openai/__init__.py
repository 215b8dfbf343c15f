"""Any OpenAI-compatible server: what a client sees of it, by the standard library alone."""

from __future__ import annotations

from assay.backends.adapters.openai.model import ServedModel
from assay.backends.backend import Backend

PLUGIN = Backend(name="openai", title="addresses of OpenAI-compatible servers", open=ServedModel)
