"""Work of a run under the ceilings of its machine, as a report draws it."""

from __future__ import annotations

from assay.record.base import Name, Record, Text


class RooflinePoint(Record, kw_only=True):
    """One operator or step that computes."""

    name: Text
    """What it is."""
    intensity_flop_per_byte: float
    """Operations for each byte moved."""
    flops_per_s: float
    """Operations per second that were reached."""
    share: float
    """Share of the time of all operators or steps."""


class RooflineCeiling(Record, kw_only=True):
    """The most that the machine does of something."""

    label: Name
    """A type of arithmetic, or a level of memory."""
    per_s: float
    """Operations, or bytes, per second."""


class Roofline(Record, kw_only=True):
    """Points under ceilings."""

    points: tuple[RooflinePoint, ...]
    """What computed, the longest first."""
    peaks: tuple[RooflineCeiling, ...]
    """Of arithmetic, in operations per second."""
    bandwidths: tuple[RooflineCeiling, ...]
    """Of memory, in bytes per second."""
    left_out_share: float
    """Share of the time of what computes nothing, or whose work is not known."""
