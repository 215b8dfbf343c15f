"""Measuring: a command is launched, observed and recorded; several are interleaved so that they can be compared."""

from __future__ import annotations

from assay.measure.interleave import Design, Side, run_interleaved
from assay.measure.run import attach_to, run_command
from assay.measure.target.command import Command, plan_command

__all__ = ["Command", "Design", "Side", "attach_to", "plan_command", "run_command", "run_interleaved"]
