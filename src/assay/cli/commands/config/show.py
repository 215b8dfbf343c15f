"""``assay config show``."""

from __future__ import annotations

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.terminal.table import Column, table_lines
from assay.record.documents import ConfigShow, Setting
from assay.settings import KEYS, Settings


@command(examples=["assay config show", "assay config show --origin"])
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@output_options
def show(session: Session, *, origin: bool, output: Output) -> None:
    """Show every setting and the value that holds here.

    A flag beats an ASSAY_ variable, which beats assay.toml or [tool.assay] of the nearest project,
    which beats the user's own file, which beats the default.
    """
    document = ConfigShow(settings=settings_shown(session.settings))
    headings = ("KEY", "VALUE", "ORIGIN", "PLACE") if origin else ("KEY", "VALUE", "MEANING")
    columns = [Column(heading=heading, least=8, folds=True) for heading in headings]
    rows = [_row(setting, origin=origin) for setting in document.settings]
    answer = Answer(
        document=document,
        lines=lambda width: table_lines(columns, rows, width),
        rows=document.settings,
        row_type=Setting,
    )
    emit(session, answer, output)


def settings_shown(settings: Settings, *names: str) -> tuple[Setting, ...]:
    """Those settings (all, where none is named) as the document has them."""
    return tuple(
        Setting(
            key=key.name,
            value=settings.get(key.name),
            origin=settings.origins[key.name].kind,
            place=settings.origins[key.name].place,
            meaning=key.meaning,
        )
        for key in KEYS
        if key.name in names or not names
    )


def _row(setting: Setting, *, origin: bool) -> tuple[str, ...]:
    value = str(setting.value)
    return (setting.key, value, setting.origin, setting.place) if origin else (setting.key, value, setting.meaning)
