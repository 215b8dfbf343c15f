"""``assay compare``: whether a change did what it was to do."""

from __future__ import annotations

from pathlib import Path

import click
from msgspec import structs

from assay.cli.command import command, gathered
from assay.cli.comparing.give import ComparisonOutput, comparison_output, give
from assay.cli.comparing.options import ASKING, COLLECTING, Asking, Collecting, looks_until
from assay.cli.comparing.sets import files_of, runs_of, sides_of
from assay.cli.session import Session
from assay.cli.start.lean import leave_pandas_out
from assay.compare.asked import Asked
from assay.compare.compare import compare as compared
from assay.compare.traces import compare_traces
from assay.errors import UsageError
from assay.record.documents.comparison import Comparison, Outcome

STATUSES = {
    Outcome.CORROBORATED: 0,
    Outcome.EQUIVALENT: 0,
    Outcome.REFUTED: 1,
    Outcome.INCONCLUSIVE: 3,
    Outcome.NOT_COMPARABLE: 4,
}


@command(
    examples=[
        "assay compare --run 'python old.py' --run 'python new.py'",
        "assay compare --run './a' --run './b' --until-decided --max 60 --claim 'wall -5%'",
        "assay compare session:nightly/A session:nightly/B --claim 'layer=3 step=FFN -2%'",
        "assay compare --worktree main --build 'make -s' --run './job input.txt'",
        "assay compare 'before-*' 'after-*' --metric energy --all",
    ],
    statuses={
        0: "corroborated, or no difference beyond the margin",
        1: "refuted, or something became worse",
        3: "inconclusive: the reason and what would decide it are said",
        4: "not comparable: the sides differ in more than the change",
    },
)
@gathered("asking", Asking, *ASKING)
@gathered("collecting", Collecting, *COLLECTING)
@comparison_output
@click.argument("sides", nargs=-1, metavar="[BASELINE CANDIDATE]")
def compare(
    session: Session, sides: tuple[str, ...], asking: Asking, collecting: Collecting, output: ComparisonOutput
) -> int:
    """Say whether CANDIDATE differs from BASELINE, where, by how much, and how sure that is.

    A side is a run, several with commas between, a pattern of tags or ids such as 'after-*', session:NAME/A,
    campaign:NAME/EXPERIMENT, target:NAME, a pattern of folders, or
    trace files, one for each process. One word session:NAME means both its sides.
    With --run both commands are measured now, in turns and in random order, which is what a sound answer needs;
    a --claim given then is one that was named before, and is tested alone.
    """
    leave_pandas_out()
    output.check()
    collecting.check()
    asked = asking.question()
    document = _measured(session, sides, collecting, asked) if collecting.wanted else _stored(session, sides, asked)
    give(session, document, output, show_all=asking.show_all)
    return STATUSES[document.verdict]


def _stored(session: Session, sides: tuple[str, ...], asked: Asked) -> Comparison:
    """The answer about runs that are there."""
    if len(sides) == 1 and sides[0].startswith("session:") and "/" not in sides[0]:
        return compared(*sides_of(session.store, sides[0].removeprefix("session:")), asked)
    if len(sides) != 2:
        remedy = "name both, or measure two commands with --run 'A' --run 'B'"
        raise UsageError(f"two sides are needed, not {len(sides)}", where="compare", remedy=remedy)
    files = [files_of(words) for words in sides]
    if all(files):
        return compare_traces(files[0], files[1], asked)
    before, after = (runs_of(session.store, words) for words in sides)
    return compared(before, after, asked)


def _measured(session: Session, sides: tuple[str, ...], collecting: Collecting, asked: Asked) -> Comparison:
    """Both commands are run now."""
    from assay.cli.comparing.collect import collect  # all that measures is a fifth of the time to judge stored runs
    from assay.cli.comparing.collect import sides_of as sides_to_measure

    if sides:
        raise UsageError("--run measures both sides itself", where=sides[0], remedy="leave the names of runs out")
    with sides_to_measure(collecting, asked, Path.cwd()) as both:
        made = collect(session, both, collecting, asked)
    session.console.note(f"measured: {made.runs} runs, session:{made.session}")
    looks = None
    if collecting.until_decided:
        looks = looks_until(collecting.looks(), len(made.sides["A"]), collecting.most_blocks)
    return compared(made.sides["A"], made.sides["B"], structs.replace(asked, claimed_before=True, looks=looks))
