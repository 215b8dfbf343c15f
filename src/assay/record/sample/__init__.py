"""A minimal valid run that ships with the package, and everything that can be wrong with one, as data.

The folder ``run`` beside this file is a sealed run like those of a store: a record, one series, one raw file.
"""

from __future__ import annotations

from pathlib import Path

from assay.record.sample.variations import (
    DOCUMENT_VARIATIONS,
    FILE_VARIATIONS,
    Damage,
    DocumentVariation,
    FileVariation,
    vary,
)

__all__ = [
    "DOCUMENT_VARIATIONS",
    "FILE_VARIATIONS",
    "SAMPLE_FOLDER",
    "Damage",
    "DocumentVariation",
    "FileVariation",
    "vary",
]

SAMPLE_FOLDER = Path(__file__).parent / "run"
"""The sample run; copy it before changing anything."""
