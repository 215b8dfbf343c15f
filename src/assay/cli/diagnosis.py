"""The diagnosis of a run as commands give it: made from what was kept, and kept beside the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from assay.analyze.evidence.gather import Evidence, gather
from assay.cli.session import Session
from assay.cli.start.lean import leave_pandas_out
from assay.cli.views.findings import summary_lines
from assay.errors import AssayError
from assay.record.diagnosis.findings import Findings
from assay.store import StoredRun

FINDINGS_FILE = "findings.json"

_FAULTS = (AssayError, OSError, ArithmeticError, LookupError, TypeError, ValueError)
"""What a defect in judging may raise; it must cost neither the run nor the target's exit status."""

patterns_option = click.option(
    "--patterns",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Judge by the patterns in this folder too; may be repeated.",
)
"""The option ``--patterns``."""


class Judged(NamedTuple):
    """A run's findings, and the raw data that they and its pictures are made of: read once for both."""

    findings: Findings
    evidence: Evidence


def diagnosis(session: Session, stored: StoredRun, folders: Sequence[Path] = ()) -> Judged:
    """The findings of a run, kept beside it."""
    from assay.analyze.diagnose import analyze_evidence
    from assay.analyze.rules.load import load_rules

    leave_pandas_out()
    rules = load_rules(folders)
    evidence = gather(stored)
    found = analyze_evidence(stored, evidence, rules)
    session.store.keep_findings(stored.id, FINDINGS_FILE, msgspec.json.format(msgspec.json.encode(found), indent=1))
    return Judged(found, evidence)


def diagnosis_for_report(session: Session, runs: Sequence[StoredRun], folders: Sequence[Path] = ()) -> Judged | None:
    """The findings of the one run of a report; None for several runs, and for one of which no raw data was kept."""
    from assay.record.diagnosis.raw import FILES

    if len(runs) != 1:
        return None
    tables = {name for name, _ in FILES.values()}
    if tables.isdisjoint(artifact.file for artifact in runs[0].record.artifacts):
        return None
    return diagnosis(session, runs[0], folders)


def say_diagnosis(session: Session, stored: StoredRun, folders: Sequence[Path] = ()) -> Judged | None:
    """Tell the person at the terminal what was found; a run that can't be judged is none the worse for it."""
    try:
        found = diagnosis(session, stored, folders)
    except _FAULTS as error:
        told = str(error) if isinstance(error, AssayError) else f"{type(error).__name__}: {error}; please report it"
        session.console.complain(f"assay: profile: the run was kept, but not judged: {told}")
        return None
    session.console.note("", *summary_lines(found.findings, None))
    return found
