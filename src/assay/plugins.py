"""The folder is the registry: a plug-in is a module in a room's folder, or an entry point of the same group.

Listing a folder imports nothing; only the chosen plug-in is loaded, so that its heavy libraries
are imported when it is used and never before.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import PurePath
from typing import Any

from assay.errors import PluginError, UsageError


@dataclass(frozen=True)
class Folder:
    """All plug-ins of one kind: ``Folder("assay.report.formats", "PLUGIN")``."""

    package: str
    """Dotted name of the folder; entry points of strangers use it as their group."""
    attribute: str = "PLUGIN"
    """Name of the object that every plug-in module exposes."""

    def names(self) -> list[str]:
        """Names of all plug-ins, sorted; nothing is imported but the folder itself."""
        folder = importlib.import_module(self.package)
        own = {module.name for module in pkgutil.iter_modules(folder.__path__) if not module.name.startswith("_")}
        return sorted(own | set(self._strangers()))

    def load(self, name: str) -> Any:
        """The plug-in of that name; the error lists what there is, or what is not installed."""
        if name not in self.names():
            raise UsageError(f"there is no {self._kind()} {name!r}", remedy=self._advice(name))
        stranger = self._strangers().get(name)
        try:
            if stranger is not None:
                return stranger.load()
            return getattr(importlib.import_module(f"{self.package}.{name}"), self.attribute)
        except ImportError as error:
            missing = f"{self._kind()} {name!r} needs a package that is not installed: {error}"
            raise PluginError(missing, remedy="install it, or see `assay doctor`") from error

    def load_all(self) -> dict[str, Any]:
        """Every plug-in by name."""
        return {name: self.load(name) for name in self.names()}

    def name_for(self, file: str, what: str) -> str:
        """Name of the plug-in among whose ``suffixes`` the file's ending is; ``what`` names one in the error."""
        suffix = PurePath(file).suffix.lower()
        by_suffix = {ending: name for name, plugin in self.load_all().items() for ending in plugin.suffixes}
        if suffix not in by_suffix:
            remedy = f"use one of: {', '.join(sorted(by_suffix))}"
            raise UsageError(f"no {what} has the ending {suffix!r}", where=file, remedy=remedy)
        return by_suffix[suffix]

    def _strangers(self) -> dict[str, metadata.EntryPoint]:
        return {point.name: point for point in _entry_points().select(group=self.package)}

    def _kind(self) -> str:
        return self.package.rsplit(".", 1)[-1].removesuffix("s")

    def _advice(self, name: str) -> str:
        close = difflib.get_close_matches(name, self.names(), n=1)
        return f"did you mean {close[0]!r}?" if close else f"choose one of: {', '.join(self.names())}"


@cache
def _entry_points() -> Any:
    """Read once, since the scan opens a file of every installed distribution; its type changed with Python 3.12."""
    return metadata.entry_points()
