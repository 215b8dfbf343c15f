"""Which claims were written down before the candidate ran: they stand in its sealed records."""

from __future__ import annotations

from collections.abc import Sequence

from assay.record.run import Expectation, Run, is_intact


def expectations_of(candidate: Sequence[Run]) -> tuple[Expectation, ...]:
    """Claims that every run of the candidate carries, unchanged, each stated before the first of them began."""
    if not candidate:
        return ()
    began_utc_ns = min(run.clock.start_utc_ns for run in candidate)
    shared = set(candidate[0].expectations).intersection(*(run.expectations for run in candidate[1:]))
    kept = [one for one in shared if one.stated_utc_ns <= began_utc_ns and is_intact(one)]
    return tuple(sorted(kept, key=lambda one: (one.stated_utc_ns, one.claim)))
