"""Collecting the runs of a comparison: both commands in randomised blocks, each look at the data counted."""

from __future__ import annotations

import secrets
import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from assay.cli.comparing.options import Collecting, looks_until
from assay.cli.comparing.sets import SIDES
from assay.cli.session import Session
from assay.compare.asked import Asked
from assay.compare.compare import compare
from assay.compare.sides.comparable import unfit
from assay.errors import PlanError, UsageError
from assay.measure import Command, Design, Side, plan_command, run_interleaved
from assay.measure.versions.revision import Checkout, build, checked_out
from assay.observe.collector import default_collectors
from assay.observe.environment import capture
from assay.record.documents.comparison import Comparison, Outcome
from assay.record.words.numbers import number_text
from assay.store import StoredRun

_NEED_STACKS = "functions"


@dataclass
class Collected:
    """What was measured so far."""

    session: str
    sides: dict[str, list[StoredRun]] = field(default_factory=lambda: {side: [] for side in SIDES})
    answer: Comparison | None = None

    @property
    def runs(self) -> int:
        """Runs of both sides."""
        return sum(map(len, self.sides.values()))


def sides_of_commands(collecting: Collecting, asked: Asked) -> dict[str, Side]:
    """Both sides from their command lines, which are split as a shell would, and never given to one."""
    commands = [Command(argv=_words(text)) for text in collecting.commands]
    return {side: side_of(one, collecting, asked) for side, one in zip(SIDES, commands, strict=True)}


@contextmanager
def sides_of(collecting: Collecting, asked: Asked, cwd: Path) -> Iterator[dict[str, Side]]:
    """Both sides for as long as they are there to be run: two commands, or one in two revisions."""
    if not collecting.worktrees:
        yield sides_of_commands(collecting, asked)
        return
    with ExitStack() as stack:
        places = [stack.enter_context(checked_out(revision, cwd)) for revision in collecting.worktrees]
        if len(places) == 1:
            places.append(Checkout(folder=cwd, name="the folder as it is"))
        if collecting.build is not None:
            for place in places:
                build(_words(collecting.build), place)
        argv = _words(collecting.commands[0])
        yield {
            side: side_of(Command(argv=argv, cwd=place.folder), collecting, asked, place.name)
            for side, place in zip(SIDES, places, strict=True)
        }


def side_of(command: Command, collecting: Collecting, asked: Asked, build: str | None = None) -> Side:
    """One side."""
    command.executable()
    plan = plan_command(
        command,
        workload="compare: what both sides are asked to do",
        collectors=default_collectors(diagnosis=asked.by == _NEED_STACKS),
        timeout_s=collecting.timeout_s,
    )
    return Side(command=command, plan=plan, build=build)


def collect(session: Session, sides: Mapping[str, Side], collecting: Collecting, asked: Asked) -> Collected:
    """Measure until there is enough; every run is kept, and a run that fails ends it."""
    made = Collected(session=f"compare-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    seed = asked.seed or secrets.randbelow(2**32)
    design = Design(session=made.session, blocks=collecting.most_blocks, seed=seed)
    for claim in asked.claims:
        session.store.expectations.state(claim, made.session)
    started_s = time.monotonic()
    with session.progress("comparing") as progress:

        def note(run: StoredRun) -> None:
            side = str(run.record.position.side)
            made.sides[side].append(run)
            if reason := unfit(run.record):
                raise PlanError(reason, where="compare", remedy=f"see `assay runs show {run.id}`")
            total = 2 * design.blocks
            progress.update(made.runs, total, _left(time.monotonic() - started_s, made.runs, total))

        run_interleaved(
            sides,
            design,
            session.store,
            environment=capture(Path.cwd()),
            after_each=note,
            is_enough=lambda blocks: _is_decided(made, collecting, asked, blocks),
        )
    return made


def _is_decided(made: Collected, collecting: Collecting, asked: Asked, blocks: int) -> bool:
    """Whether a look is due and has an answer."""
    planned = collecting.looks()
    if blocks not in planned:
        return False
    looks = looks_until(planned, blocks, collecting.most_blocks)
    made.answer = compare(made.sides["A"], made.sides["B"], structs.replace(asked, claimed_before=True, looks=looks))
    return made.answer.verdict is not Outcome.INCONCLUSIVE


def _left(elapsed_s: float, done: int, total: int) -> str:
    """Time left, or what it can be at most."""
    return f"at most {number_text(elapsed_s / done * (total - done), 's')} left"


def _words(text: str) -> tuple[str, ...]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"can't be split into words: {error}", where=text, remedy="check its quotes") from error
    if not words:
        raise UsageError("the command is empty", where="--run", remedy="give a program and its arguments")
    return tuple(words)
