"""Changes, differences and advice in words; every format takes them from here."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from assay.record.documents.comparison import ComparedLine, Comparison, Estimate, Outcome
from assay.record.words.numbers import number_text

_METRICS = {"wall_s": "wall time", "cpu_s": "processor time", "energy_j": "energy", "peak_rss_bytes": "peak memory"}
_USUAL_BLOCKS = 20
_MOST_BLOCKS = 1000


def metric_text(metric: str) -> str:
    """The metric in words."""
    return _METRICS.get(metric, metric)


def effect_of(line: ComparedLine) -> Estimate | None:
    """The change that the verdict of a line is about."""
    return line.specific or line.raw


def percent_text(share: float) -> str:
    """A relative change in per cent with its sign, with two digits behind the point only where it is small.

    >>> percent_text(-0.0204), percent_text(0.251), percent_text(3.5)
    ('−2.04 %', '+25.1 %', '+350 %')
    """
    value = share * 100.0
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    text = f"{abs(value):.{digits}f}"
    sign = "" if float(text) == 0.0 else "−" if value < 0.0 else "+"
    return f"{sign}{text} %"


def change_text(line: ComparedLine) -> str:
    """The judged change, or that there is none."""
    effect = effect_of(line)
    return "no number" if effect is None else percent_text(effect.change)


def interval_text(effect: Estimate) -> str:
    """Its interval."""
    return f"{percent_text(effect.low)} … {percent_text(effect.high)}"


def line_text(made: Comparison, line: ComparedLine) -> str:
    """A line in words: ``layer 3 FFN takes 2.00 % less wall time (95 %: −2.4 % … −1.6 %)``."""
    effect = effect_of(line)
    if effect is None:
        return f"{line.label}: {line.reason or 'no number'}"
    size = percent_text(abs(effect.change)).lstrip("+")
    word = {"less": "less", "more": "more", "same": "more or less"}[line.direction]
    interval = f"{100.0 * (1.0 - made.alpha):.3g} %: {interval_text(effect)}"
    verb = "take" if line.kind == "common" else "takes"
    label = "all cells alike" if line.kind == "common" else line.label
    if line.label == made.metric:
        return f"{size} {word} {metric_text(made.metric)} ({interval})"
    return f"{label} {verb} {size} {word} {metric_text(made.metric)} ({interval})"


def difference_text(made: Comparison, line: ComparedLine) -> str:
    """The change in the unit of the metric; empty where there is none."""
    if line.difference is None:
        return ""
    sign = "−" if line.difference < 0.0 else "+"
    return f"{sign}{number_text(abs(line.difference), made.unit)}"


def advice(made: Comparison, words: Sequence[Sequence[str]]) -> Iterator[str]:
    """What to run next."""
    if made.verdict is Outcome.NOT_COMPARABLE:
        facts = " ".join(f"--across {one.fact}" for one in made.obstacles)
        yield f"assay compare … {facts}   # where that difference is the question"
        return
    if made.verdict is not Outcome.INCONCLUSIVE:
        return
    if all(words) and words[0] != words[1]:
        commands = " ".join(f"--run {shlex.quote(shlex.join(argv))}" for argv in words)
        yield f"assay compare {commands} -n {_blocks(made)}"
    elif all(words):
        yield f"assay compare --run 'BASELINE COMMAND' --run 'CANDIDATE COMMAND' -n {_blocks(made)}"
    if _is_declined_for_its_order(made):
        yield "assay compare … --despite-order   # only what a cell does not share with the others"


def _is_declined_for_its_order(made: Comparison) -> bool:
    """Nothing else is wrong, and there are cells that share something."""
    design, units = made.design, min(made.baseline.units, made.candidate.units)
    if design is None or design.sound or design.arrangement not in {"sequential", "unknown"}:
        return False
    return units >= design.needed and len(made.cells) > 1


def _blocks(made: Comparison) -> int:
    """Blocks that would decide, as far as that can be told."""
    decisive = made.claims[0].line if made.claims else made.total
    if decisive is None or decisive.further_blocks is None:
        return _USUAL_BLOCKS
    units = min(made.baseline.units, made.candidate.units)
    return max(_USUAL_BLOCKS, min(_MOST_BLOCKS, units + decisive.further_blocks))
