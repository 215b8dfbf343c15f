"""Asking an interpreter what the backend's package accepts, in a child, so that nothing heavy is loaded here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from assay.backends.params.catalogue import Catalogue, Parameter, Rule
from assay.errors import PluginError, UsageError

_TIME_LIMIT_S = 300.0
MODEL = "$MODEL"
"""Stands in an example for the model that the caller gives."""
_NOT_LOOKED_AT = "own"
"""Surfaces of ours, or of no one package."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One parameter as the package states it."""

    name: str
    kind: str | None
    default: Any


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What the package did with a combination."""

    id: str
    answer: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What one interpreter has of a backend."""

    package: str
    version: str | None
    surfaces: Mapping[str, tuple[Row, ...]]
    failed: Mapping[str, str]
    """Surfaces that could not be looked at, and why."""
    replayed: tuple[Replayed, ...] = ()


def look_at(
    catalogue: Catalogue,
    python: str | None = None,
    *,
    manifest: Path | None = None,
    rules: Sequence[Rule] = (),
    model: str | None = None,
) -> Installed:
    """What the interpreter's package accepts, and what it does with the examples of rules."""
    trials = [_trial(catalogue, rule, model) for rule in rules if can_replay(rule, model)]
    surfaces = [_surface(catalogue, one, manifest) for one in catalogue.surfaces if _is_looked_at(one, manifest)]
    request = {"packages": catalogue.packages, "surfaces": surfaces, "trials": trials, "always": manifest is not None}
    return _installed(_ask(python or sys.executable, request))


def _is_looked_at(surface: Mapping[str, Any], manifest: Path | None) -> bool:
    if surface["way"] == "manifest":
        return manifest is not None
    return surface["way"] != _NOT_LOOKED_AT and manifest is None


def _surface(catalogue: Catalogue, surface: Mapping[str, Any], manifest: Path | None) -> dict[str, Any]:
    asked = dict(surface)
    if asked["way"] == "attributes":
        asked["names"] = [one.name for one in catalogue.parameters if one.surface == surface["name"]]
    if manifest is not None:
        asked["file"] = str(manifest)
    return asked


def can_replay(rule: Rule, model: str | None) -> bool:
    """Whether the rule has an example that the package can be given, without a model or with this one."""
    needs_model = MODEL in rule.given.values()
    return bool(rule.given) and rule.answer != "unknown" and (model is not None or not needs_model)


def _trial(catalogue: Catalogue, rule: Rule, model: str | None) -> dict[str, Any]:
    surface = next(one for one in catalogue.surfaces if one["name"] == rule.surface)
    called = surface.get("called", surface.get("object", "")).removesuffix(".__init__")
    given = {name: model if value == MODEL else value for name, value in rule.given.items()}
    trial = {"id": rule.id, "object": called, "loggers": catalogue.loggers, **rule.replay}
    return trial | {"given": given | ({"model": catalogue.sample} if catalogue.sample else {})}


def _ask(python: str, request: Mapping[str, Any]) -> dict[str, Any]:
    program = resources.files(__package__) / "probe.py"
    with resources.as_file(program) as path, tempfile.TemporaryFile() as out:
        command = [python, "-P", str(path), str(out.fileno())]
        try:
            done = subprocess.run(
                command,
                input=json.dumps(request, default=str).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[out.fileno()],
                timeout=_TIME_LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PluginError("looking at the package took too long", where=python, remedy="try again") from error
        except OSError as error:
            remedy = "give the path of a Python that has the package"
            raise UsageError(f"it can't be started: {error.strerror}", where=python, remedy=remedy) from error
        out.seek(0)
        answer = out.read()
    if done.returncode != 0 or not answer:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise PluginError(f"looking at the package failed: {said[0][:300]}", where=python, remedy="see `assay doctor`")
    decoded: dict[str, Any] = json.loads(answer)
    return decoded


def _installed(answer: Mapping[str, Any]) -> Installed:
    return Installed(
        package=answer["package"],
        version=answer["version"],
        surfaces={name: tuple(Row(**row) for row in rows) for name, rows in answer["surfaces"].items()},
        failed=answer["failed"],
        replayed=tuple(Replayed(**one) for one in answer["replayed"]),
    )


def stated(installed: Installed, parameter: Parameter) -> Row | None:
    """What the package says of a parameter; None where it has none of that name."""
    rows = installed.surfaces.get(parameter.surface, ())
    return next((row for row in rows if row.name == parameter.name), None)
