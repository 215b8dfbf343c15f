"""What the pictures and the exports of a run are made of: stacks with their time, lines with their heat, threads."""

from __future__ import annotations

from assay.report.profile.build import profile_of
from assay.report.profile.tables import HeatFile, Profile, Stacks, ThreadLine, Timeline, Track

__all__ = ["HeatFile", "Profile", "Stacks", "ThreadLine", "Timeline", "Track", "profile_of"]
