"""The profile of a run, from its evidence."""

from __future__ import annotations

from assay.analyze.evidence.gather import Evidence
from assay.report.profile.heat import heat_of
from assay.report.profile.stacks import Forest, stacks_of
from assay.report.profile.tables import Profile
from assay.report.profile.timeline import timeline_of
from assay.report.profile.tracks import tracks_of


def profile_of(evidence: Evidence) -> Profile | None:
    """The profile; None where no thread and no stack was looked at."""
    forest: Forest = stacks_of(evidence)
    timeline = timeline_of(evidence)
    if not len(forest.stacks) and timeline is None:
        return None
    samples = evidence.samples
    return Profile(
        stacks=forest.stacks,
        tracks=tracks_of(evidence, forest),
        heat=heat_of(evidence),
        timeline=timeline,
        samples=0 if samples is None else len(samples),
    )
