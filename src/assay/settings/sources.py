"""Where settings come from: files and variables, read into layers of values with their origins."""

from __future__ import annotations

import difflib
import os
import pwd
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import SettingsError
from assay.settings.keys import BY_NAME, KEYS, OTHER_VARIABLES, Key, Value, checked, from_text

_LARGEST_FILE_BYTES = 1 << 20


@dataclass(frozen=True)
class Origin:
    """Where one value stands."""

    kind: str
    """``flag``, ``environment``, ``project file``, ``user file`` or ``default``."""
    place: str = ""
    """File and line, or the variable."""


@dataclass
class Layer:
    """What one source says, and what is wrong with it."""

    values: dict[str, tuple[Value, Origin]] = field(default_factory=dict)
    errors: list[SettingsError] = field(default_factory=list)

    def put(self, key: Key, value: object, origin: Origin, folder: Path | None = None) -> None:
        """Add one value, or the error it is."""
        try:
            good = checked(key, value)
        except SettingsError as error:
            self.errors.append(SettingsError(error.what, where=origin.place, remedy=error.remedy))
            return
        self.values[key.name] = (_anchored(good, folder) if key.is_path and folder else good, origin)


def from_environment(variables: Mapping[str, str]) -> Layer:
    """The settings among environment variables. A variable that looks like a misspelt one is an error."""
    layer = Layer()
    known = {key.variable: key for key in KEYS}
    for name in sorted(name for name in variables if name.startswith("ASSAY_") and variables[name]):
        if name in known:
            _put_text(layer, known[name], variables[name], Origin("environment", name))
        elif name not in OTHER_VARIABLES and (near := closest(name, [*known, *OTHER_VARIABLES])):
            layer.errors.append(SettingsError("no such variable", where=name, remedy=f"did you mean {near!r}?"))
    return layer


def from_file(path: Path, kind: str) -> Layer:
    """The settings in a TOML file; in ``pyproject.toml`` those under ``[tool.assay]``."""
    layer = Layer()
    try:
        text = _read(path)
        table = _table(tomllib.loads(text), path)
    except SettingsError as error:
        layer.errors.append(error)
        return layer
    except tomllib.TOMLDecodeError as error:
        layer.errors.append(_syntax_error(path, str(error)))
        return layer
    for name, value in flat(table):
        _put_named(layer, name, value, Origin(kind, f"{path}:{line_of(text, name, path)}"), path.parent)
    return layer


def project_file(start: Path | None = None) -> Path | None:
    """The nearest ``assay.toml``, or ``pyproject.toml`` with ``[tool.assay]``, from ``start`` upwards.

    ``start`` is the working folder where none is given; one that was deleted has no project.
    """
    try:
        start = start or Path.cwd()
    except FileNotFoundError:
        return None
    for folder in (start, *start.parents):
        for path in (folder / "assay.toml", folder / "pyproject.toml"):
            if path.is_file() and (path.name == "assay.toml" or _mentions_assay(path)):
                return path
    return None


def user_file(variables: Mapping[str, str]) -> Path | None:
    """The user's own file, whether or not it exists; None where there is no home."""
    base = variables.get("XDG_CONFIG_HOME", "")
    if not Path(base).is_absolute():
        home = home_of(variables)
        return home and home / ".config" / "assay" / "config.toml"
    return Path(base) / "assay" / "config.toml"


def cache_folder(variables: Mapping[str, str]) -> Path | None:
    """Assay's folder for what can be made again, whether or not it exists; None where there is no home."""
    base = variables.get("XDG_CACHE_HOME", "")
    if not Path(base).is_absolute():
        home = home_of(variables)
        return home and home / ".cache" / "assay"
    return Path(base) / "assay"


def home_of(variables: Mapping[str, str]) -> Path | None:
    """The home folder, or None."""
    home = variables.get("HOME", "")
    if Path(home).is_absolute():
        return Path(home)
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return None


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)), None)


def unknown_key(name: str, where: str = "") -> SettingsError:
    """The error for a key that does not exist."""
    near = closest(name, BY_NAME)
    remedy = f"did you mean {near!r}?" if near else f"keys are: {', '.join(BY_NAME)}"
    return SettingsError(f"there is no setting {name!r}", where=where, remedy=remedy)


def flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Every value of nested tables by its dotted name."""
    pairs: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            pairs += flat(value, f"{prefix}{name}.")
        else:
            pairs.append((prefix + name, value))
    return pairs


def line_of(text: str, name: str, path: Path) -> int:
    """The line on which a key stands; 1 where it can't be told."""
    wanted = f"tool.assay.{name}" if path.name == "pyproject.toml" else name
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line):
            section = re.sub(r"[\s\"']", "", header[1]) + "."
        elif (key := re.match(r"\s*([\w.\s\"'-]+?)\s*=", line)) and section + re.sub(r"[\s\"']", "", key[1]) == wanted:
            return number
    return 1


def _put_named(layer: Layer, name: str, value: object, origin: Origin, folder: Path) -> None:
    if name in BY_NAME:
        layer.put(BY_NAME[name], value, origin, folder)
    else:
        layer.errors.append(unknown_key(name, origin.place))


def _put_text(layer: Layer, key: Key, text: str, origin: Origin) -> None:
    try:
        layer.put(key, from_text(key, text), origin)
    except SettingsError as error:
        layer.errors.append(SettingsError(error.what, where=origin.place, remedy=error.remedy))


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE_BYTES + 1)
        if len(data) > _LARGEST_FILE_BYTES:
            raise SettingsError("the file is larger than 1 MiB", where=str(path), remedy="is it a settings file?")
        return data.decode("utf-8")
    except OSError as error:
        reason = error.strerror or "can't be read"
        raise SettingsError(reason, where=str(path), remedy="mend its permissions or remove it") from error
    except UnicodeDecodeError as error:
        raise SettingsError("is not UTF-8 text", where=str(path), remedy="save it as UTF-8") from error


def _table(document: dict[str, Any], path: Path) -> dict[str, Any]:
    table = document.get("tool", {}).get("assay", {}) if path.name == "pyproject.toml" else document
    if not isinstance(table, dict):
        raise SettingsError("`tool.assay` is no table", where=str(path), remedy="write [tool.assay]")
    return table


def _syntax_error(path: Path, message: str) -> SettingsError:
    line = re.search(r"line (\d+)", message)
    what = re.sub(r"\s*\(at .*\)$", "", message)
    return SettingsError(f"not valid TOML: {what}", where=f"{path}:{line[1] if line else 1}", remedy="mend this line")


def _mentions_assay(path: Path) -> bool:
    try:
        return bool(re.search(r"^\s*\[\s*tool\s*\.\s*\"?assay\"?\s*[\].]", _read(path), re.MULTILINE))
    except SettingsError:
        return False


def _anchored(value: Value, folder: Path) -> Value:
    text = str(value)
    if not text or "://" in text or Path(text).is_absolute() or text.startswith("~"):
        return value
    return str(folder / text)
