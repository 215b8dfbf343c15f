"""What is asked of two sides."""

from __future__ import annotations

from assay.record.base import Record
from assay.record.metrics import BY_NAME, Better

_SHORT = {
    "wall": "wall_s",
    "time": "wall_s",
    "cpu": "cpu_s",
    "energy": "energy_j",
    "memory": "peak_rss_bytes",
    "peak_bytes": "peak_rss_bytes",
}
"""What people say, and the registered metric that they mean."""
EXACT = frozenset({"flops", "flops_total", "input_tokens", "output_tokens", "total_tokens", "num_batches"})
"""Counts that the same work gives alike every time."""


class Looks(Record, kw_only=True):
    """Blocks after which was looked while more were collected."""

    at: tuple[int, ...]
    """Numbers of blocks, rising; the last is now."""
    most: int
    """Blocks after which collecting ends in any case."""


class Asked(Record, kw_only=True):
    """The question."""

    metric: str = "wall_s"
    """What is compared, by its registered name."""
    by: str = ""
    """Kind of cells; empty for the finest that both sides have."""
    claims: tuple[str, ...] = ()
    """What somebody says of the candidate."""
    claimed_before: bool = False
    """Whether these claims were made before the candidate ran."""
    across: frozenset[str] = frozenset()
    """Facts in which the sides may differ, since that is the question."""
    margin: float = 0.01
    """Relative change that would not matter."""
    alpha: float = 0.05
    """Probability of any false claim."""
    seed: int = 0
    """Chooses random sign patterns."""
    despite_order: bool = False
    """Judge sides that did not share their time by what a cell does not share with the others, and only that."""
    looks: Looks | None = None
    """None where the number of blocks was fixed before."""


def metric_named(word: str) -> str:
    """The registered name behind a word."""
    return _SHORT.get(word, word)


def better(metric: str) -> Better:
    """Which way is good; less is, unless the registry says otherwise."""
    return BY_NAME[metric].better if metric in BY_NAME else Better.LOWER
