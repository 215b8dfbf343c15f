"""How commands give a report: on standard output, and in files whose endings choose the format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from assay.cli.command import gathered
from assay.cli.diagnosis import Judged
from assay.cli.emit import json_line, json_text, write_file
from assay.cli.session import Session
from assay.errors import UsageError
from assay.observe.doctor import examine
from assay.record.checks import CheckState
from assay.record.diagnosis.findings import Findings
from assay.report import Fact, Framing, View, format_for, render, view_of
from assay.report.curves import memory_curve
from assay.report.export import Material, export_for
from assay.report.profile import profile_of
from assay.report.rooflines.reading import roofline
from assay.store import StoredRun

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class ReportOutput:
    """In which forms a report is wanted."""

    as_json: bool
    """One JSON document on standard output."""
    outputs: tuple[str, ...]
    """Files, whose endings choose the format."""

    @property
    def wanted(self) -> bool:
        """Whether anything is."""
        return self.as_json or bool(self.outputs)

    def check(self) -> None:
        """Refuse an ending that no format has, before anything is measured."""
        for name in self.outputs:
            if export_for(name) is None:
                format_for(name)


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is given."""

    view: View
    """What it says."""
    material: Material | None = None
    """What exports are made of; None for several runs."""


def report_options(function: Function) -> Function:
    """``--json`` and ``-o FILE``, as the command's argument ``output``."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
    return gathered("output", ReportOutput, as_json, _outputs("Write to FILE"))(function)


def report_beside(function: Function) -> Function:
    """The same for a command whose standard output is not its own: the document goes to standard error."""
    as_json = click.option(
        "--json", "as_json", is_flag=True, help="End standard error in the report, as one line of JSON."
    )
    return gathered("output", ReportOutput, as_json, _outputs("Write a report to FILE"))(function)


def build_report(runs: Sequence[StoredRun], framing: Framing | None = None, judged: Judged | None = None) -> Report:
    """The report on stored runs, and what its exports are made of where it is on one."""
    view = build_view(runs, framing, None if judged is None else judged.findings)
    return Report(view=view, material=_material(runs[0], judged) if len(runs) == 1 else None)


def _material(run: StoredRun, judged: Judged | None) -> Material:
    if judged is None:
        return Material(run=run.record, findings=None, profile=None)
    return Material(run=run.record, findings=judged.findings, profile=profile_of(judged.evidence))


def build_view(runs: Sequence[StoredRun], framing: Framing | None = None, diagnosis: Findings | None = None) -> View:
    """The report on stored runs."""
    curves = {run.id: curve for run in runs if (curve := memory_curve(run)) is not None}
    work = roofline(runs[0]) if len(runs) == 1 else None
    return view_of([run.record for run in runs], curves, framing, diagnosis, work)


def unmeasured_here() -> tuple[Fact, ...]:
    """What this machine can't measure, in a line each; ``assay doctor`` says why and what would change that."""
    missing = (check for check in examine() if check.state is CheckState.MISSING)
    return tuple(Fact(name=check.title, value=None, reason=check.lost or check.found) for check in missing)


def give(session: Session, report: Report, output: ReportOutput, *, always_show: bool = False) -> None:
    """Write the files, then show the report unless files were all that was wanted."""
    _write(report, output)
    if output.as_json:
        session.console.json(json_text(report.view))
    elif always_show or not output.outputs:
        session.console.write(render(report.view, "text"))


def give_beside(session: Session, report: Report, output: ReportOutput) -> None:
    """Write the files; the document, where it is wanted, is the last line of standard error."""
    _write(report, output)
    for name in output.outputs:
        session.console.note(f"report: {name}")
    if output.as_json:
        session.console.complain(json_line(report.view))


def _write(report: Report, output: ReportOutput) -> None:
    # all are made before the first is written: an obstacle leaves nothing half done
    for name, content in [(name, _content(name, report)) for name in output.outputs]:
        write_file(Path(name), content)


def _content(name: str, report: Report) -> str | bytes:
    export = export_for(name)
    if export is None:
        profile = None if report.material is None else report.material.profile
        return render(report.view, format_for(name), profile)
    if report.material is None:
        raise UsageError(f"a file for {export.reader} holds one run", where=name, remedy="name one run")
    return export.render(report.material)


def _outputs(what: str) -> Callable[[Any], Any]:
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE",
        help=(
            f"{what}; .html, .md, .json, .csv or .txt chooses the format; .speedscope.json, .perfetto.json, "
            ".collapsed.txt, .pb.gz (pprof) and .sarif take one run to other tools. May be repeated."
        ),
    )
