"""What was expected before it was measured."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Instant, Record, Sha256, Text


class Expected(Record, kw_only=True):
    """A claim that was written down."""

    claim: Text
    """Its words."""
    stated_utc_ns: Instant
    """When, in nanoseconds since 1970, UTC."""
    sha256: Sha256
    """Hash over time and claim, as runs carry it."""
    session: Text
    """The only sitting whose runs carry it; empty for every run."""
    withdrawn_utc_ns: Instant | None
    """Since when no further run carries it; null while it is open."""


class Expecting(Record, kw_only=True):
    """Claims that were written down before the runs that are to show them."""

    document: Literal["expect"] = "expect"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    expectations: tuple[Expected, ...]
    """Oldest first."""
