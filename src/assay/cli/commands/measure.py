"""``assay measure``: one experiment in cycles, with its energy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import click

from assay.cli.command import command, gathered
from assay.cli.emit import Answer, Output, emit, output_options, write_file
from assay.cli.session import Session
from assay.errors import UsageError
from assay.record.enums import Status
from assay.store import StoredRun

FAILED, INTERRUPTED = 1, 130


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the flags say about the experiment; None where one was not given."""

    file: Path | None
    name: str | None
    workload: str | None
    warmup: int | None
    repetitions: int | None
    cycles: int | None
    baseline_s: float | None
    settle_s: float | None
    timeout_s: float | None
    energy: tuple[str, ...]
    cpu_rated_power_w: float | None
    steady: int | None
    tokens: int | None

    def settings(self, argv: Sequence[str]) -> dict[str, Any]:
        """The file's settings, with those of the flags above them."""
        from assay.measure.experiment.spec import read_experiment

        settings: dict[str, Any] = {} if self.file is None else read_experiment(self.file)
        flags = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "file"}
        settings.update({name: value for name, value in flags.items() if value not in {None, ()}})
        if argv:
            settings["command"] = list(argv)
        return settings


_OPTIONS = (
    click.option(
        "--file", "file", type=click.Path(path_type=Path), metavar="YAML", help="Read the experiment from it."
    ),
    click.option("--name", metavar="TEXT", help="Name of the experiment; by default the program's."),
    click.option("--workload", metavar="TEXT", help="Name of what it is asked to do."),
    click.option("--warmup", type=int, metavar="N", help="Launches that are not counted (1)."),
    click.option("--repetitions", type=int, metavar="N", help="Launches that are, in each cycle (3)."),
    click.option(
        "--cycles", type=int, metavar="N", help="Times everything is repeated; 3 or more give an interval (3)."
    ),
    click.option("--baseline", "baseline_s", type=float, metavar="S", help="Measure the idle machine so long (2)."),
    click.option("--settle", "settle_s", type=float, metavar="S", help="Rest before the last of that (1)."),
    click.option("--timeout", "timeout_s", type=float, metavar="S", help="Longest time for one launch."),
    click.option("--energy", multiple=True, metavar="SOURCE", help="Meter by this source only; may be repeated."),
    click.option("--cpu-rated-power", "cpu_rated_power_w", type=float, metavar="W", help="For --energy cpu_model."),
    click.option("--steady", type=int, metavar="MOST", help="Launch until times are steady, at most so often."),
    click.option("--tokens", type=int, metavar="N", help="Tokens that one launch processes, for energy per token."),
)


@command(
    examples=[
        "assay measure -- ./solve input.txt",
        "assay measure --cycles 5 --repetitions 10 --tokens 512 -o cycles.csv -- python generate.py",
        "assay measure --file experiment.yaml --json",
    ],
    statuses={0: "every launch ended with 0", FAILED: "a launch failed", INTERRUPTED: "interrupted"},
    context_settings={"allow_interspersed_args": False},
)
@gathered("wishes", Wishes, *_OPTIONS)
@output_options
@click.argument("argv", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND…]")
def measure(session: Session, argv: tuple[str, ...], wishes: Wishes, output: Output) -> int:
    """Measure COMMAND: launch it again and again, in cycles, and say what it took, with its energy.

    In each cycle the idle machine is measured before and after, so that energy is told with and without what the
    machine takes anyhow. Each cycle is sealed as a run; numbers are means over cycles with intervals of 95 %.
    Everything that is wrong with an experiment is said before anything starts.
    """
    from assay.measure.experiment.cycle import measure_experiment
    from assay.measure.experiment.spec import check_experiment, fewest_for_interval
    from assay.measure.experiment.summary import summary_of

    _check(output)
    experiment = check_experiment(wishes.settings(argv), where=str(wishes.file or ""))
    session.console.note(*fewest_for_interval(experiment.cycles))
    made: list[StoredRun] = []
    with session.progress("measuring") as progress:

        def after_each(run: StoredRun) -> None:
            made.append(run)
            progress.update(len(made), experiment.cycles, "cycles")

        measure_experiment(experiment, session.store, after_each=after_each)
    _give(session, summary_of(made), made, output)
    last = made[-1].record
    session.console.note(f"next: assay runs show {made[-1].id}")
    return {Status.COMPLETE: 0, Status.INTERRUPTED: INTERRUPTED}.get(last.status, FAILED)


def _check(output: Output) -> None:
    """Refuse an ending that no format has, before anything is measured."""
    for name in output.outputs:
        if Path(name).suffix.lower() not in {".json", ".csv", ".txt"}:
            raise UsageError("no format has this suffix", where=name, remedy="use one of: .json, .csv, .txt")


def _give(session: Session, document: Any, runs: Sequence[StoredRun], output: Output) -> None:
    from assay.cli.views.measured import measured_lines
    from assay.report.tables.wide import wide_csv

    tables = [name for name in output.outputs if name.lower().endswith(".csv")]
    for name in tables:
        write_file(Path(name), wide_csv([run.record for run in runs]))
        session.console.note(f"written: {name}")
    others = tuple(name for name in output.outputs if name not in tables)
    if output.as_json or others or not tables:
        answer = Answer(document=document, lines=lambda width: measured_lines(document, width))
        emit(session, answer, replace(output, outputs=others))
