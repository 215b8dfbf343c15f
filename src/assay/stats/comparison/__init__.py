"""Did a change help? The falsification protocol on plain arrays: ``judge(before, after, question)``.

``question`` holds what goes in, ``judgement`` what comes out; ``counters`` compares numbers that have no noise.
"""

from __future__ import annotations

from assay.stats.comparison.counters import CounterChange, compare_counters
from assay.stats.comparison.judge import judge
from assay.stats.comparison.judgement import Arrangement, Design, Direction, Effect, Judgement, Line, Location, Verdict
from assay.stats.comparison.looks import may_be_spent
from assay.stats.comparison.question import Claim, Kind, Looks, Measurements, Place, Question

__all__ = [
    "Arrangement",
    "Claim",
    "CounterChange",
    "Design",
    "Direction",
    "Effect",
    "Judgement",
    "Kind",
    "Line",
    "Location",
    "Looks",
    "Measurements",
    "Place",
    "Question",
    "Verdict",
    "compare_counters",
    "judge",
    "may_be_spent",
]
