"""``assay config set``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from assay.cli.command import command
from assay.cli.session import Session
from assay.errors import SettingsError
from assay.settings import BY_NAME, from_text, unknown_key, user_file
from assay.settings.write import write_setting


@command(examples=["assay config set store ~/measurements", "assay config set color never"])
@click.argument("key")
@click.argument("value")
def set_key(session: Session, key: str, value: str) -> None:
    """Set KEY to VALUE in the user's own settings file."""
    if key not in BY_NAME:
        raise unknown_key(key, "config set")
    place = user_file(os.environ)
    if place is None:
        raise SettingsError("there is no home folder to keep settings in", remedy="set XDG_CONFIG_HOME or HOME")
    declared = BY_NAME[key]
    wanted = str(Path(value).expanduser().absolute()) if declared.is_path and "://" not in value else value
    write_setting(place, declared, from_text(declared, wanted))
    session.console.note(f"{key} = {wanted} in {place}")
    stronger = session.settings.origins[key]
    if stronger.kind in ("environment", "project file", "flag"):
        session.console.note(f"but here {stronger.place} sets it to {session.settings.get(key)}, and counts")
