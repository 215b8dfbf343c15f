"""Options of the commands that compare: the question, and how new runs are collected."""

from __future__ import annotations

import re
from dataclasses import dataclass

import click

from assay.compare.asked import Asked, Looks, metric_named
from assay.errors import UsageError
from assay.record.metrics import BY_NAME
from assay.settings import closest

USUAL_BLOCKS = 20
_FIRST_LOOK, _NEXT_LOOK = 10, 5
_MOST_LOOKS = 10
_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*")


class Share(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on only
    """A share: ``1%`` or ``0.01``."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number behind the words."""
        found = _PERCENT.fullmatch(str(value))
        share = float(found[1]) / (100.0 if found[2] else 1.0) if found else 0.0
        if not 0.0 < share < 1.0:
            self.fail(f"{value!r} is no share between 0 and 1, such as 1% or 0.01", param, ctx)
        return share


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked."""

    claims: tuple[str, ...]
    metric: str
    by: str
    margin: float
    alpha: float
    across: tuple[str, ...]
    seed: int
    despite_order: bool
    show_all: bool

    def question(self) -> Asked:
        """The question about runs that are there; words that mean nothing are refused before anything is read."""
        metric = metric_named(self.metric)
        if metric not in BY_NAME and metric != "flops":
            near = closest(self.metric, [*BY_NAME, "wall", "cpu"])
            remedy = f"did you mean {near!r}?" if near else "`assay metrics` lists them"
            raise UsageError(f"there is no metric {self.metric!r}", where="--metric", remedy=remedy)
        return Asked(
            metric=metric,
            by=self.by,
            claims=self.claims,
            across=frozenset(word.strip() for text in self.across for word in text.split(",") if word.strip()),
            margin=self.margin,
            alpha=self.alpha,
            seed=self.seed,
            despite_order=self.despite_order,
        )


@dataclass(frozen=True, kw_only=True)
class Collecting:
    """How new runs are collected."""

    commands: tuple[str, ...]
    blocks: int
    until_decided: bool
    most: int | None
    timeout_s: float | None
    worktrees: tuple[str, ...]
    build: str | None

    @property
    def wanted(self) -> bool:
        """Whether anything is to be run."""
        return bool(self.commands)

    @property
    def most_blocks(self) -> int:
        """Blocks after which collecting ends in any case."""
        return (self.most or 5 * self.blocks) if self.until_decided else self.blocks

    def looks(self) -> tuple[int, ...]:
        """Blocks after which the data are looked at while more are collected; evenly spread, and not many."""
        if not self.until_decided:
            return ()
        step = max(_NEXT_LOOK, -(-(self.most_blocks - _FIRST_LOOK) // (_MOST_LOOKS - 1)))
        planned = range(min(_FIRST_LOOK, self.most_blocks), self.most_blocks, step)
        return (*planned, self.most_blocks)

    def check(self) -> None:
        """Refuse what excludes each other."""
        needed = 1 if self.worktrees else 2
        if self.wanted and len(self.commands) != needed:
            what = f"--run was given {len(self.commands)} times"
            remedy = "give the one command that both revisions run" if self.worktrees else "give --run 'A' --run 'B'"
            raise UsageError(what, where="compare", remedy=remedy)
        if len(self.worktrees) > 2:
            raise UsageError("more than two revisions", where="--worktree", remedy="compare two at a time")
        if (self.worktrees or self.until_decided) and not self.wanted:
            raise UsageError("there is nothing to run", where="compare", remedy="give the command with --run")
        if self.most is not None and not self.until_decided:
            raise UsageError("--max limits --until-decided", where="compare", remedy="give both, or -n alone")
        if self.build is not None and not self.worktrees:
            raise UsageError("--build is about revisions", where="compare", remedy="name them with --worktree")


def looks_until(planned: tuple[int, ...], now: int, most: int) -> Looks:
    """The looks up to now."""
    return Looks(at=tuple(look for look in planned if look <= now), most=most)


ASKING = (
    click.option(
        "--claim",
        "claims",
        multiple=True,
        metavar="TEXT",
        help="What is claimed, for example 'layer=3 step=FFN -2%' or 'wall -5%'; may be repeated.",
    ),
    click.option("--metric", default="wall", show_default=True, metavar="NAME", help="wall, cpu, energy, memory, …"),
    click.option("--by", default="", metavar="KIND", help="Cells: spans, functions, energy, campaign or whole."),
    click.option("--margin", type=Share(), default="1%", show_default=True, help="Change that would not matter."),
    click.option(
        "--alpha", type=Share(), default="5%", show_default=True, help="Probability of any false claim at all."
    ),
    click.option("--across", multiple=True, metavar="FACT[,…]", help="Facts that may differ: that is the question."),
    click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, help="Chooses what is drawn at random."),
    click.option(
        "--despite-order",
        is_flag=True,
        help="Judge sides that ran one after the other too: only what a cell does not share with the others.",
    ),
    click.option("--all", "show_all", is_flag=True, help="Show every cell, not only those with something to say."),
)
COLLECTING = (
    click.option("--run", "commands", multiple=True, metavar="COMMAND", help="Measure this one now; give two."),
    click.option(
        "-n", "--blocks", type=click.IntRange(1, 100_000), default=USUAL_BLOCKS, show_default=True, help="Runs of each."
    ),
    click.option("--until-decided", is_flag=True, help="Stop as soon as the answer is clear, honestly counted."),
    click.option("--max", "most", type=click.IntRange(1, 100_000), metavar="N", help="At most N runs of each then."),
    click.option(
        "--timeout", "timeout_s", type=click.FloatRange(min=0, min_open=True), metavar="S", help="For one run."
    ),
    click.option(
        "--worktree",
        "worktrees",
        multiple=True,
        metavar="REV",
        help="Run COMMAND in this revision of the repository, and in the second one or in the folder as it is.",
    ),
    click.option("--build", metavar="COMMAND", help="What builds a revision before it is run."),
)
