"""What this machine can measure, what not and why, and what would enable it. Nothing is changed, nothing is run."""

from __future__ import annotations

from assay.observe.doctor.examine import examine
from assay.observe.doctor.instruments import Instruments
from assay.observe.doctor.surroundings import Surroundings

__all__ = ["Instruments", "Surroundings", "examine"]
