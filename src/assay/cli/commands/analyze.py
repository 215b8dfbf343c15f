"""``assay analyze``: the diagnosis of a run, from what was kept of it."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli.command import command, gathered
from assay.cli.diagnosis import diagnosis, patterns_option
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.gate import FOUND, fail_on_option, open_gate, say_failing
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.views.findings import summary_lines
from assay.cli.wording.options import OPTIONS, Wording, say_wording
from assay.record.diagnosis.findings import Finding

_ALL = 1000


@command(
    examples=["assay analyze @latest", "assay analyze @latest --json", "assay analyze 01J --fail-on any"],
    statuses={FOUND: "a cause that --fail-on names was found"},
)
@click.argument("run", type=REFERENCE)
@patterns_option
@fail_on_option
@gathered("wording", Wording, *OPTIONS)
@output_options
def analyze_run(
    session: Session, run: str, folders: tuple[Path, ...], fail_on: tuple[str, ...], wording: Wording, output: Output
) -> int:
    """Say why RUN took its time: where it went, which causes were recognised, where, and what to do.

    Uses only what was kept of the run and the rules: the same run and rules give the same answer, byte for byte. With
    --explain a language model words it on standard error; it gets the findings alone, and is off unless asked for.
    """
    wording.check()
    gate = open_gate(fail_on, folders)
    stored = session.store.get(run)
    found = diagnosis(session, stored, folders).findings
    answer = Answer(
        document=found,
        lines=lambda width: summary_lines(found, width, most=_ALL),
        rows=found.findings,
        row_type=Finding,
    )
    emit(session, answer, output)
    if not output.as_json and not output.outputs and found.findings:
        session.console.note(f"next: assay explain {stored.id} {found.findings[0].id[:6]}")
    say_wording(session, found, wording)
    failing = gate.failing(found)
    if failing:
        say_failing(session, failing)
    return FOUND if failing else 0
