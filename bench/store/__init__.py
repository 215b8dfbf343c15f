"""The store: how fast it lists, and, as programs of their own, what it survives."""

from __future__ import annotations

from bench.harness import Suite
from bench.store.figures import figures
from bench.store.peers import pairs

SUITE = Suite(title="Run store", pairs=pairs, figures=figures)
