"""Secrets in variables and command lines are masked before anything is written, by name and by shape."""

from __future__ import annotations

from assay.observe.environment.masking.allowed import admitted_variables
from assay.observe.environment.masking.arguments import mask_argv
from assay.observe.environment.masking.shapes import MASK
from assay.observe.environment.masking.text import mask_text, mask_variables

__all__ = ["MASK", "admitted_variables", "mask_argv", "mask_text", "mask_variables"]
