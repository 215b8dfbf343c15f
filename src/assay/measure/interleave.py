"""Two or more commands measured in randomised blocks, so that drift of the machine falls on all sides alike."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, structs

from assay.measure.run import run_command
from assay.measure.target.command import Command
from assay.measure.target.stop import Interruption
from assay.record.base import Name, Record
from assay.record.enums import Status
from assay.record.environment import Environment
from assay.record.plan import Plan, Position
from assay.store import Store, StoredRun


class Design(Record, kw_only=True):
    """How runs of several sides are interleaved."""

    session: Name
    """Name of the sitting; every run carries it."""
    blocks: Annotated[int, Meta(ge=1, le=100_000)]
    """Each block holds one run of every side."""
    seed: int
    """Decides the order inside each block."""
    enough_blocks: int | None = None
    """Blocks after which ``budget_s`` may end the series early; null for no such end."""
    budget_s: float = math.inf
    """Time after which no further block is begun, once there are enough. It does not look at which side was
    faster, so that a test of the sides stays exact."""


class Side(Record, kw_only=True):
    """One side: what is launched, and the plan that is recorded for it."""

    command: Command
    plan: Plan
    build: Name | None = None
    """Build of the target, where sides are builds of one source."""


def positions(sides: Sequence[str], design: Design) -> tuple[Position, ...]:
    """The runs in the order in which they are made: each block holds every side once, in random order."""
    source = random.Random(design.seed)  # noqa: S311 - an order that can be repeated, not a secret
    order = []
    for block in range(design.blocks):
        shuffled = source.sample(list(sides), len(sides))
        order += [Position(session=design.session, block=block, side=side, invocation=block) for side in shuffled]
    return tuple(order)


def run_interleaved(
    sides: Mapping[str, Side],
    design: Design,
    store: Store,
    *,
    environment: Environment | None = None,
    after_each: Callable[[StoredRun], None] = lambda _run: None,
    is_enough: Callable[[int], bool] = lambda _blocks: False,
) -> tuple[StoredRun, ...]:
    """Measure every side in every block; each run is sealed before the next begins.

    ``after_each`` is told of every run, for progress, and ``is_enough`` is asked after every block, with the number
    of those that are complete. An interrupted run ends the series: it is kept, and the interruption is raised.
    """
    made: list[StoredRun] = []
    started_s = time.monotonic()
    for position in positions(list(sides), design):
        blocks, inside = divmod(len(made), len(sides))
        if blocks and not inside and (_may_end(design, blocks, time.monotonic() - started_s) or is_enough(blocks)):
            break
        side = sides[str(position.side)]
        run = run_command(
            side.plan,
            store,
            command=side.command,
            position=structs.replace(position, build=side.build),
            environment=environment,
        )
        made.append(run)
        after_each(run)
        if run.record.status is Status.INTERRUPTED:
            raise Interruption
    return tuple(made)


def _may_end(design: Design, blocks: int, elapsed_s: float) -> bool:
    """Whether time is up, with enough blocks done."""
    return design.enough_blocks is not None and blocks >= design.enough_blocks and elapsed_s >= design.budget_s
