"""``assay config get``."""

from __future__ import annotations

import click

from assay.cli.command import command
from assay.cli.commands.config.show import settings_shown
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.record.documents import ConfigShow, Setting
from assay.settings import BY_NAME, unknown_key


@command(examples=["assay config get store"])
@click.argument("key")
@output_options
def get(session: Session, key: str, output: Output) -> None:
    """Print the value of KEY that holds here."""
    if key not in BY_NAME:
        raise unknown_key(key, "config get")
    document = ConfigShow(settings=settings_shown(session.settings, key))
    answer = Answer(
        document=document,
        lines=lambda _width: [str(document.settings[0].value)],
        rows=document.settings,
        row_type=Setting,
    )
    emit(session, answer, output)
