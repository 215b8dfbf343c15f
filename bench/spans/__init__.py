"""Spans on disk: written, asked for percentiles, sliced."""

from __future__ import annotations

from bench.harness import Suite
from bench.spans.figures import figures
from bench.spans.peers import pairs

SUITE = Suite(title="Spans", pairs=pairs, figures=figures)
