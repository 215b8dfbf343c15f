"""Traces: what a stamp costs, how small a trace is, and how long ``assay trace`` takes."""

from __future__ import annotations

from bench.harness import Suite
from bench.trace.figures import figures
from bench.trace.peers import pairs

SUITE = Suite(title="Traces", pairs=pairs, figures=figures)
