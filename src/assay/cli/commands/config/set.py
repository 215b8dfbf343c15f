"""``assay config set``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from assay.cli.command import command
from assay.cli.emit import Output, json_output, json_text
from assay.cli.session import Session
from assay.errors import SettingsError
from assay.record.documents import ConfigSet, Setting
from assay.settings import BY_NAME, Key, Value, from_text, unknown_key, user_file
from assay.settings.write import write_setting

_OWN_FILE = "user file"


@command(examples=["assay config set store ~/measurements", "assay config set color never"])
@click.argument("key")
@click.argument("value")
@json_output
def set_key(session: Session, key: str, value: str, output: Output) -> None:
    """Set KEY to VALUE in the user's own settings file."""
    if key not in BY_NAME:
        raise unknown_key(key, "config set")
    place = user_file(os.environ)
    if place is None:
        raise SettingsError("there is no home folder to keep settings in", remedy="set XDG_CONFIG_HOME or HOME")
    declared = BY_NAME[key]
    wanted = str(Path(value).expanduser().absolute()) if declared.is_path and "://" not in value else value
    chosen = from_text(declared, wanted)
    write_setting(place, declared, chosen)
    holds = _holding(session, declared, chosen, place)
    if output.as_json:
        session.console.json(json_text(ConfigSet(key=key, value=chosen, path=str(place), holds=holds)))
        return
    session.console.note(f"{key} = {wanted} in {place}")
    if holds.origin != _OWN_FILE:
        session.console.note(f"but here {holds.place} sets it to {holds.value}, and counts")


def _holding(session: Session, key: Key, chosen: Value, place: Path) -> Setting:
    """What holds from now on: the new value, unless something stronger than the user's file says otherwise."""
    before = session.settings.origins[key.name]
    if before.kind in ("environment", "project file", "flag"):
        value, kind, where = session.settings.get(key.name), before.kind, before.place
    else:
        value, kind, where = chosen, _OWN_FILE, str(place)
    return Setting(key=key.name, value=value, origin=kind, place=where, meaning=key.meaning)
