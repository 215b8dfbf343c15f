"""PyTorch: decoders by transformers, their steps stamped between modules."""

from __future__ import annotations

from assay.backends.adapters.pytorch.model import TorchModel
from assay.backends.backend import Backend

PLUGIN = Backend(name="pytorch", title="folders of Hugging Face models, by transformers", open=TorchModel)
