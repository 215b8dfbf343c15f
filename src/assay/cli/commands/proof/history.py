"""``assay history``: where a number moved over the runs of one configuration, and a gate on it."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
from msgspec import structs

from assay.cli.command import command, gathered
from assay.cli.comparing.collect import collect, sides_of
from assay.cli.comparing.follow import FOLLOWING, Following, write_history
from assay.cli.comparing.options import Collecting
from assay.cli.emit import json_text
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.start.lean import leave_pandas_out
from assay.cli.views.proof.comparison import comparison_lines
from assay.cli.views.proof.timeline import history_lines
from assay.compare.asked import Asked
from assay.compare.compare import compare
from assay.compare.over_time.history import history_of, same_configuration
from assay.errors import UsageError
from assay.record.documents.comparison import Outcome
from assay.record.documents.history import History, HistorySeries
from assay.record.run import Run
from assay.store import StoredRun

_PARTS = ("layer", "phase", "device", "op", "file")


@command(
    examples=[
        "assay history wall",
        "assay history energy_j --run nightly-42 -o history.html",
        "assay history cpu --by functions --gate --blocks 20 -o history.md",
    ],
    statuses={
        0: "no worse level, or the gate found it not to hold",
        1: "--gate measured the worse level again, and it holds",
        3: "--gate could not settle it; the reason is said",
    },
)
@gathered("following", Following, *FOLLOWING)
@click.option("--run", "reference", type=REFERENCE, default="@latest", show_default=True, help="Whose configuration.")
@click.argument("metric")
def history(session: Session, metric: str, reference: str, following: Following) -> int:
    """Follow METRIC over all complete runs of one configuration, and say where its level moved.

    Runs belong together that ran the same command on the same inputs under the same conditions. A change of level in
    a series is a place to look at, and no proof: with --gate the newest level, where it is worse, is measured again,
    the revision before it against the folder as it is, in blocks of fresh runs, as a claim that was named before.
    """
    leave_pandas_out()
    following.check()
    runs, left_out = _runs(session, reference, following)
    made = history_of(runs, metric, following.by, left_out)
    flagged = [one for one in made.series if one.flagged]
    status = 0
    if following.gate and flagged:
        made, status = _gated(session, made, flagged[0], runs, following)
    write_history(session, made, following)
    if following.as_json:
        session.console.json(json_text(made))
    else:
        session.console.print(*history_lines(made, session.console.width))
        if made.gate is not None:
            session.console.print("", *comparison_lines(made.gate, session.console.width))
    return status


def _runs(session: Session, reference: str, following: Following) -> tuple[list[StoredRun], int]:
    wanted = session.store.get(reference).record
    rows = session.store.runs(target=wanted.plan.target.name, limit=following.most)
    candidates = [session.store.get(row.id) for row in rows]
    runs = same_configuration(candidates, wanted)
    if not runs:
        raise UsageError("no complete run has this configuration", where=reference, remedy="see `assay runs list`")
    return runs, len(candidates) - len(runs)


def _gated(
    session: Session, made: History, series: HistorySeries, runs: list[StoredRun], following: Following
) -> tuple[History, int]:
    """The flagged cell, measured again."""
    last = series.changes[-1]
    newest = runs[-1].record
    before = runs[last.index - 1].record
    obstacle = _obstacle(before, newest)
    if obstacle:
        session.console.complain(f"assay: history: --gate can't measure again: {obstacle}")
        return made, 3
    claim = claim_about(series, made.metric, last.change / 2.0)
    asked = Asked(metric=made.metric, by=made.by, claims=(claim,), claimed_before=True)
    collecting = Collecting(
        commands=(shlex.join(newest.plan.target.argv),),
        blocks=following.blocks,
        until_decided=False,
        most=None,
        timeout_s=None,
        worktrees=(before.environment.git.commit or "",),
        build=following.build,
    )
    session.console.note(f"measuring again: {claim}")
    with sides_of(collecting, asked, Path(newest.plan.target.cwd or ".").expanduser()) as both:
        fresh = collect(session, both, collecting, asked)
    answer = compare(fresh.sides["A"], fresh.sides["B"], asked)
    status = {Outcome.CORROBORATED: 1, Outcome.REFUTED: 0, Outcome.EQUIVALENT: 0}.get(answer.verdict, 3)
    return structs.replace(made, gate=answer), status


def claim_about(series: HistorySeries, metric: str, change: float) -> str:
    """The claim that the cell still takes so much more, or less, as it was seen to."""
    cell = series.cell
    words = [f"metric={metric}"]
    if cell.name != metric:
        words.append(f"name={shlex.quote(cell.name)}")
    given = {key: getattr(cell, key) for key in _PARTS}
    words += [f"{key}={shlex.quote(str(value))}" for key, value in given.items() if value not in (None, "", "none")]
    return " ".join([*words, f"{100.0 * change:+.2f}%"])


def _obstacle(before: Run, newest: Run) -> str:
    """Why it can't be measured again here."""
    if not newest.plan.target.argv:
        return "the runs have no command line"
    if before.environment.git.commit is None:
        return "the commit before the change is not known; measure it with assay compare --run 'OLD' --run 'NEW'"
    return ""
