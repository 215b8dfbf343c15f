"""All sources laid over each other into one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.errors import SettingsError
from assay.settings.keys import KEYS, Value
from assay.settings.sources import Layer, Origin, from_environment, from_file, home_of, project_file, user_file


@dataclass(frozen=True)
class Settings:
    """Every setting with the place it came from."""

    store: str
    """Where runs are kept: an absolute folder or a URL."""
    color: str
    """``auto``, ``always`` or ``never``."""
    progress: str
    """``auto`` or ``never``."""
    verbosity: str
    """``quiet``, ``normal`` or ``verbose``."""
    origins: Mapping[str, Origin]
    """The place of each value, by key."""

    def get(self, name: str) -> Value:
        """The value of a key."""
        value: Value = getattr(self, name)
        return value


def load_settings(
    flags: Mapping[str, Value | None] | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Settings:
    """The settings that hold here; all errors of all sources are raised together.

    >>> load_settings({"color": "never"}, variables={"HOME": "/home/you"}, cwd=Path("/")).color
    'never'
    """
    environment = os.environ if variables is None else variables
    layers = _layers(flags or {}, environment, cwd)
    _raise_all([error for layer in layers for error in layer.errors])
    found = {name: value for layer in layers for name, value in layer.values.items()}
    found["store"] = (_resolved_store(str(found["store"][0]), environment), found["store"][1])
    values = {name: value for name, (value, _) in found.items()}
    return Settings(**values, origins={name: origin for name, (_, origin) in found.items()})  # type: ignore[arg-type]


def _layers(flags: Mapping[str, Value | None], variables: Mapping[str, str], cwd: Path | None) -> list[Layer]:
    """From the weakest to the strongest."""
    defaults = Layer({key.name: (key.default, Origin("default")) for key in KEYS})
    given = Layer()
    for key in KEYS:
        if (value := flags.get(key.name)) is not None:
            given.put(key, value, Origin("flag", f"--{key.name}"))
    files = [(user_file(variables), "user file"), (project_file(cwd), "project file")]
    read = [from_file(path, kind) for path, kind in files if path is not None and path.is_file()]
    return [defaults, *read, from_environment(variables), given]


def _resolved_store(text: str, variables: Mapping[str, str]) -> str:
    if "://" in text:
        return text
    data = variables.get("XDG_DATA_HOME", "")
    if not text and Path(data).is_absolute():
        return str(Path(data) / "assay")
    home = home_of(variables)
    if home is None and (not text or text.startswith("~")):
        raise SettingsError("there is no home folder to keep runs in", where="store", remedy="set ASSAY_STORE=FOLDER")
    if text.startswith("~/"):
        return f"{home}{text[1:]}"
    return str(Path(text).absolute()) if text else f"{home}/.local/share/assay"


def _raise_all(errors: list[SettingsError]) -> None:
    """One error as it is; several as one whose lines can all be mended in one go."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralSettingsError(errors)


class SeveralSettingsError(SettingsError):
    """Several errors of configuration, reported together."""

    def __init__(self, errors: list[SettingsError]) -> None:
        super().__init__(" | ".join(str(error) for error in errors))
        self.errors = tuple(errors)
