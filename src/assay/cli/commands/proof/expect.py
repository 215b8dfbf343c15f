"""``assay expect``: write a claim down before the runs that are to show it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.style import Line
from assay.cli.terminal.table import Column, table_lines
from assay.compare.table.claims import read_claim
from assay.errors import UsageError
from assay.record.documents.expectations import Expected, Expecting
from assay.store.expectations import Noted

_COLUMNS = (
    Column(heading="STATED"),
    Column(heading="HASH"),
    Column(heading="STATE"),
    Column(heading="CLAIM", least=20, folds=True),
)
_SHOWN_DIGITS = 8


@command(
    examples=["assay expect 'layer=3 step=FFN -2%'", "assay expect", "assay expect --withdraw 3f2a91bc"],
    context_settings={"ignore_unknown_options": True},
)
@click.option("--withdraw", metavar="HASH", help="Let later runs lack this claim; what carries it already keeps it.")
@output_options
@click.argument("words", nargs=-1, metavar="[CLAIM]…", type=click.UNPROCESSED)
def expect(session: Session, words: tuple[str, ...], withdraw: str | None, output: Output) -> None:
    """Write CLAIM down with its date and hash, or list what was written down.

    Every run that is made from then on carries it in its sealed record. `assay compare` tests a claim that all runs
    of the candidate carry alone, without correction for all the other things it could have looked at. State what you
    expect, make the change, measure.
    """
    ledger = session.store.expectations
    if withdraw is not None:
        if words:
            raise UsageError("a claim and --withdraw were both given", where="expect", remedy="give one of them")
        ledger.withdraw(withdraw)
    elif words:
        claim = " ".join(words)
        read_claim(claim)
        stated = ledger.state(claim)
        session.console.note(f"expected: {claim} ({stated.sha256[:_SHOWN_DIGITS]}); runs carry it from now on")
        session.console.note("next: make the change, then assay compare --run 'BEFORE' --run 'AFTER'")
    document = Expecting(expectations=tuple(map(_expected, ledger.all())))
    answer = Answer(
        document=document,
        lines=lambda width: _lines(document, width),
        rows=document.expectations,
        row_type=Expected,
    )
    if not words or output.as_json or output.outputs:
        emit(session, answer, output)


def _expected(noted: Noted) -> Expected:
    stated = noted.expectation
    return Expected(
        claim=stated.claim,
        stated_utc_ns=stated.stated_utc_ns,
        sha256=stated.sha256,
        session=noted.session,
        withdrawn_utc_ns=noted.withdrawn_utc_ns,
    )


def _lines(document: Expecting, width: int | None) -> list[Line]:
    if not document.expectations:
        return ["nothing is expected; try `assay expect layer=3 step=FFN -2%`"]
    rows = [(_date(one), one.sha256[:_SHOWN_DIGITS], _state(one), one.claim) for one in document.expectations]
    return table_lines(_COLUMNS, rows, width)


def _date(one: Expected) -> str:
    return f"{datetime.fromtimestamp(one.stated_utc_ns / 1e9, tz=UTC):%Y-%m-%d %H:%M} UTC"


def _state(one: Expected) -> str:
    if one.withdrawn_utc_ns is not None:
        return "withdrawn"
    return f"for {one.session}" if one.session else "open"
