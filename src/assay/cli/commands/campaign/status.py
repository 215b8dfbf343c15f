"""``assay campaign status`` and ``stop``: look at a campaign, and ask it to end."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, json_output
from assay.cli.session import Session

if TYPE_CHECKING:
    from assay.record.documents.campaign.status import CampaignStatus

_EVERY_S = 1.0


@command(examples=["assay campaign status sizes.yaml", "assay campaign status sizes.yaml --watch"])
@json_output
@click.option("--watch", is_flag=True, help="Show it again and again, until nobody carries it out any more.")
@click.argument("file", type=click.Path(path_type=Path))
def status(session: Session, file: Path, output: Output, *, watch: bool) -> None:
    """Say how far the campaign of FILE is, what runs, what failed, and how much time is left."""
    document = _status(session, file)
    while watch and document.state == "running":
        if not output.as_json:
            _give(session, document, output)
        time.sleep(_EVERY_S)
        document = _status(session, file)
    _give(session, document, output)


@command(examples=["assay campaign stop sizes.yaml", "assay campaign stop sizes.yaml --now"])
@json_output
@click.option("--now", is_flag=True, help="End what runs, too; it is made again when the campaign is resumed.")
@click.argument("file", type=click.Path(path_type=Path))
def stop(session: Session, file: Path, output: Output, *, now: bool) -> None:
    """Ask the process that carries FILE out to stop, once what runs has ended."""
    from assay.campaign.manifest.place import NOW, SOON, place_of
    from assay.store.durable import replace_file

    document = _status(session, file)
    if document.state == "running":
        replace_file(place_of(_root(session), file).wish, (NOW if now else SOON).encode())
        session.console.note("it was asked to stop; `assay campaign status` shows when it has")
    else:
        session.console.note("nobody carries it out")
    _give(session, document, output)


def _status(session: Session, file: Path) -> CampaignStatus:
    from assay.campaign.manifest.place import place_of
    from assay.campaign.results.status import status_of

    return status_of(place_of(_root(session), file), file)


def _root(session: Session) -> Path:
    """The store's folder; a store in a folder is not opened for it, which would take longer than the answer."""
    place = session.settings.store
    return session.store.layout.root if "://" in place else Path(place)


def _give(session: Session, document: CampaignStatus, output: Output) -> None:
    from assay.cli.views.campaign.status import status_lines

    emit(session, Answer(document=document, lines=lambda width: status_lines(document, width)), output)
