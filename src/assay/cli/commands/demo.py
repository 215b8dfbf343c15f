"""``assay demo``."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from assay.cli.command import command
from assay.cli.reports import ReportOutput, build_report, give, report_options, unmeasured_here
from assay.cli.session import Session
from assay.measure import Design, run_interleaved
from assay.measure.demo import SIDES, demo_sides, repair
from assay.observe.environment import capture
from assay.record.enums import Status
from assay.report import Framing, Story
from assay.store import StoredRun

_TAG = "demo-"
_BLOCKS = 8
_ENOUGH_BLOCKS = 6
_BUDGET_S = 10.0
_PROBLEM = (
    "The job reads one night of sensor events, of which every fourth was sent twice, and drops the second copy. "
    "Before the repair it keeps the ids it has seen in a list, and searches that list from the front for every "
    "event: twice the events take four times as long. The repair keeps them in a set, which finds an id in one "
    "step. The problem is planted and told here; Assay judged only whether the repair helps."
)


@command(
    examples=["assay demo", "assay demo -o report.html -o report.md", "assay demo --remove"],
    statuses={1: "a bundled program failed, so that nothing can be said"},
)
@click.option("--blocks", default=_BLOCKS, show_default=True, type=click.IntRange(1, 100), help="Runs of each side.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Repeat the order of runs of an earlier demo.")
@click.option("--remove", is_flag=True, help="Delete the runs of all demos, and measure nothing.")
@report_options
def demo(session: Session, blocks: int, seed: int | None, *, remove: bool, output: ReportOutput) -> int:
    """Measure a bundled program with a planted problem and its repair, and prove whether the repair helps.

    Takes about ten seconds and needs no model, GPU, root or network. The runs are kept in the store and tagged
    demo-…; the report goes to standard output, and to report.html unless -o names other files.
    """
    if remove:
        return _remove(session)
    output.check()
    design = _design(blocks, seed)
    runs = _measure(session, design)
    if not (output.outputs or output.as_json):
        output = replace(output, outputs=(str(_free_file(session, runs[-1])),))
    give(session, build_report(runs, _framing(runs, design)), output, always_show=True)
    for name in output.outputs:
        session.console.note(f"report: {name}")
    session.console.note(f"next: assay report --session {design.session}; assay demo --remove deletes its runs")
    return 0 if all(run.record.status is Status.COMPLETE for run in runs) else 1


def _design(blocks: int, seed: int | None) -> Design:
    moment = datetime.now(UTC)
    chosen = secrets.randbelow(2**32) if seed is None else seed
    session = f"{_TAG}{moment:%Y%m%d-%H%M%S}"
    return Design(session=session, blocks=blocks, seed=chosen, enough_blocks=_ENOUGH_BLOCKS, budget_s=_BUDGET_S)


def _measure(session: Session, design: Design) -> tuple[StoredRun, ...]:
    sides, total = demo_sides(), len(SIDES) * design.blocks
    done: list[StoredRun] = []
    with session.progress("measuring") as progress:

        def note(run: StoredRun) -> None:
            done.append(run)
            position = run.record.position
            session.store.tag(run.id, f"{design.session}-{position.side}{position.block}")
            progress.update(len(done), total, SIDES[str(position.side)])

        return run_interleaved(sides, design, session.store, environment=capture(Path.cwd()), after_each=note)


def _framing(runs: Sequence[StoredRun], design: Design) -> Framing:
    return Framing(
        title="assay demo: a slow ingest job and its repair",
        labels=SIDES,
        stories=(
            Story(heading="What was repaired", text=_PROBLEM, code=repair()),
            Story(heading="Is it still the same job?", text=_same_output(runs)),
            Story(heading="How it was measured", text=_method(design, runs)),
        ),
        unmeasured=unmeasured_here(),
        next_steps=(
            f"assay report --session {design.session} -o report.md",
            f"assay runs show {runs[-1].id}",
            "assay doctor",
            "assay demo --remove",
        ),
    )


def _same_output(runs: Sequence[StoredRun]) -> str:
    hashes = {run.record.outcome.stdout_sha256 for run in runs}
    if len(hashes) == 1:
        return f"Yes, as far as its output tells: all {len(runs)} runs printed the same bytes."
    return (
        f"No: the {len(runs)} runs printed {len(hashes)} different outputs. Speed means nothing before that is mended."
    )


def _method(design: Design, runs: Sequence[StoredRun]) -> str:
    blocks = len(runs) // len(SIDES)
    early = f" of the {design.blocks} planned, since the time was up," if blocks < design.blocks else ","
    return (
        f"{blocks} blocks{early} each with one run of both programs in random order (seed {design.seed}), so that "
        "drift of the machine falls on both alike. Every run is a process of its own, started by Assay without a "
        "shell, and is kept as a sealed record in the store."
    )


def _free_file(session: Session, run: StoredRun) -> Path:
    """``report.html`` here, unless that name is taken or nothing can be written here; then beside the store's runs."""
    here = Path.cwd() / "report.html"
    if os.access(here.parent, os.W_OK) and not here.exists():
        return Path(here.name)
    folder = session.store.layout.findings / run.id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / here.name


def _remove(session: Session) -> int:
    rows = session.store.runs(tag=f"{_TAG}*")
    for row in rows:
        session.store.remove(row.id)
    session.console.note(f"removed: {len(rows)} runs of demos")
    return 0
