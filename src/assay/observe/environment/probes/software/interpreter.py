"""The Python interpreter that measures."""

from __future__ import annotations

import platform
import sys

from assay.observe.environment.facts import Facts, Unknown
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources


def _read(sources: Sources) -> Facts:
    return {
        "version": sys.version.split(" (", maxsplit=1)[0].strip(),
        "implementation": platform.python_implementation(),
        "compiler": platform.python_compiler() or Unknown("the interpreter does not say what built it"),
        "executable": _shortened(sys.executable, sources.environ.get("HOME", "")),
        "gil_enabled": getattr(sys, "_is_gil_enabled", lambda: True)(),
    }


def _shortened(path: str, home: str) -> str | Unknown:
    if not path:
        return Unknown("the interpreter does not know its own path")
    return f"~{path[len(home.rstrip('/')) :]}" if home and path.startswith(home.rstrip("/") + "/") else path


PLUGIN = Probe(
    section="python",
    fields=("version", "implementation", "compiler", "executable", "gil_enabled"),
    read=_read,
)
