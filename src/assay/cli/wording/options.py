"""Options of the wording, and how it is said: on standard error, so that no document changes with it."""

from __future__ import annotations

from dataclasses import dataclass

import click

from assay.cli.session import Session
from assay.cli.wording.ask import answer, question
from assay.cli.wording.check import checked
from assay.errors import AssayError, UsageError
from assay.record.diagnosis.findings import Findings

SENT_FILE = "sent-to-model.json"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What is said about the wording; no address, no wording."""

    url: str | None
    model: str | None
    dry_run: bool

    def check(self) -> None:
        """Refuse half an address before anything is done."""
        if self.url is not None and not self.model:
            raise UsageError("no model is named", where="--explain", remedy="add --explain-model NAME")
        if self.url is None and (self.model or self.dry_run):
            raise UsageError("no endpoint is named", where="--explain-model", remedy="add --explain URL")


OPTIONS = (
    click.option("--explain", "url", metavar="URL", help="Send the findings to this OpenAI-compatible endpoint."),
    click.option("--explain-model", "model", metavar="NAME", help="Model that words them."),
    click.option("--explain-dry-run", "dry_run", is_flag=True, help="Print what would be sent, and send nothing."),
)


def try_wording(session: Session, found: Findings, wanted: Wording) -> None:
    """The same, where an endpoint that fails must not change an exit status."""
    try:
        say_wording(session, found, wanted)
    except AssayError as error:
        session.console.complain(f"assay: --explain: {error}")


def say_wording(session: Session, found: Findings, wanted: Wording) -> None:
    """Send the findings, keep what was sent beside the run, and say what of the answer the findings bear out."""
    if wanted.url is None or wanted.model is None:
        return
    body = question(found, wanted.model)
    if wanted.dry_run:
        session.console.note(f"would be sent to {wanted.url}:", body.decode())
        return
    kept = session.store.keep_findings(found.run, SENT_FILE, body)
    session.console.note(f"sent to {wanted.url}: {len(body):,} bytes, kept in {kept}")
    told = checked(answer(wanted.url, body), found)
    session.console.note("", f"in the words of {wanted.model}, a language model; each number is in the findings:")
    session.console.note(*(f"  {sentence}" for sentence in told.sentences))
    if told.dropped:
        session.console.note(f"  ({told.dropped} sentences left out: numbers that were not measured, or links)")
