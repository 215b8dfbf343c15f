"""Spans and samples of a run: flushed streams while it is measured, Parquet files once it is sealed, and queries."""

from __future__ import annotations
