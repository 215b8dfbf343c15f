"""What a comparison rests on, and what a reader has to know, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.compare.structure.cell import label_of
from assay.compare.words import metric_text, percent_text
from assay.record.documents.comparison import Comparison
from assay.record.words.numbers import number_text


def basis(made: Comparison) -> Iterator[str]:
    """What was judged and how, what would have been found, and what would settle it."""
    design = made.design
    if design is None:
        return
    units = f"{made.baseline.units} and {made.candidate.units} {design.unit}s"
    how = f"{design.blocks} randomised blocks" if design.blocks is not None else f"{units}, {design.arrangement}"
    judged = f"{metric_text(made.metric)}, {made.location}, " if made.location else ""
    yield f"judged: {judged}by {made.by}; {how}; at most {100.0 * made.alpha:.3g} % for any false claim"
    decisive = made.claims[0].line if made.claims else made.total
    if decisive is not None and decisive.detectable is not None:
        size = percent_text(decisive.detectable).lstrip("+−")
        more = decisive.further_blocks
        settled = f"; {more} more blocks would settle it" if more else ""
        yield f"a change of {size} would have been found in 4 of 5 such tries{settled}"
    if design.looks:
        times = "once" if len(design.looks) == 1 else f"{len(design.looks)} times"
        yield f"looked {times} while collecting, which the levels pay for"


def warnings(made: Comparison) -> Iterator[str]:
    """What makes one hesitate."""
    for shift in made.shifts:
        saved, kept = (number_text(value, made.unit) for value in (shift.saved, shift.parent_saved))
        yield f"the cost moved: {shift.function} saved {saved}, but {shift.parent}, which calls it, only {kept}"
    if made.design is not None:
        yield from made.design.caveats
    yield from made.notes


def unmatched(made: Comparison) -> Iterator[str]:
    """Cells that only one side has."""
    for cells, where in ((made.only_before, "baseline"), (made.only_after, "candidate")):
        if cells:
            yield f"only in the {where}: {_listed([label_of(cell) for cell in cells])}"


def _listed(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
