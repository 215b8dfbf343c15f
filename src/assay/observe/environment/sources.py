"""Where probes read from: a root folder, variables and a working folder, injected so that any machine can be acted."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from assay.observe.environment.facts import Unknown

LARGEST_FILE_BYTES = 4 * 1024 * 1024
"""More is not read of any file: the largest true one is a long ``/proc/self/maps``."""
READ_BYTES = 65536
MOST_LISTED_CPUS = 65536

_CAUSES = {
    errno.ENOENT: "{path} does not exist",
    errno.ENOTDIR: "{path} does not exist",
    errno.ELOOP: "{path} does not exist",
    errno.EACCES: "no permission to read {path}",
    errno.EPERM: "no permission to read {path}",
}


@dataclass(frozen=True)
class Sources:
    """One machine and process as probes see it."""

    root: Path = Path("/")
    """Stands for ``/``: ``/proc``, ``/sys`` and ``/etc`` are read below it."""
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    """The process's variables."""
    cwd: Path = field(default_factory=lambda: absolute(Path()))
    """Working folder of the target; not moved below ``root``."""

    @property
    def live(self) -> bool:
        """Whether this is the machine the code runs on."""
        return self.root == Path("/")

    def path(self, name: str) -> Path:
        """Where a file of the machine lies, for example ``sys/class/powercap``."""
        return self.root / name.lstrip("/")

    def exists(self, name: str) -> bool:
        """Whether it is there, as far as this user can see."""
        return self.path(name).exists()

    def text(self, name: str) -> str | Unknown:
        """The content without surrounding blanks; an empty file is unknown."""
        try:
            content = _content(self.path(name))
        except OSError as error:
            return Unknown(cause(error, name))
        return content.decode("utf-8", "replace").strip("\0 \t\r\n") or Unknown(f"{_shown(name)} is empty")

    def integer(self, name: str, *, unit: int = 1) -> int | Unknown:
        """A whole number, times the unit the file counts in."""
        text = self.text(name)
        if isinstance(text, Unknown):
            return text
        if not re.fullmatch(r"[-+]?\d{1,20}", text):
            return Unknown(f"{_shown(name)} holds no whole number: {text[:40]!r}")
        return int(text) * unit

    def entries(self, name: str) -> tuple[str, ...] | Unknown:
        """Names in a folder, in natural order."""
        try:
            return tuple(sorted((entry.name for entry in self.path(name).iterdir()), key=natural_order))
        except OSError as error:
            return Unknown(cause(error, name))

    @cached_property
    def usable_cpus(self) -> tuple[int, ...] | Unknown:
        """Processors that the process may run on."""
        text = self.text("proc/self/status")
        if isinstance(text, Unknown):
            return text
        found = re.search(r"^Cpus_allowed_list:\s*(\S+)", text, re.MULTILINE)
        return parse_list(found.group(1)) if found else Unknown("/proc/self/status lists no allowed processors")

    @property
    def some_cpus(self) -> tuple[int, ...]:
        """The usable processors, or the first one where they are unknown."""
        usable = self.usable_cpus
        return (0,) if isinstance(usable, Unknown) else usable or (0,)

    @cached_property
    def cpuinfo(self) -> dict[str, str] | Unknown:
        """The keys of the first processor in ``/proc/cpuinfo``; keys stated once for all are included."""
        text = self.text("proc/cpuinfo")
        if isinstance(text, Unknown):
            return text
        pairs: dict[str, str] = {}
        for line in text.splitlines():
            key, separator, value = line.partition(":")
            if separator:
                pairs.setdefault(key.strip(), value.strip())
        return pairs


def absolute(path: Path) -> Path:
    """The path from the root; where the working folder has been deleted, from where it was."""
    try:
        return path.absolute()
    except OSError:
        return Path(os.environ.get("PWD") or "/") / path


def cause(error: OSError, name: str) -> str:
    """One line that says why a file could not be read."""
    template = _CAUSES.get(error.errno or 0)
    shown = _shown(name)
    return template.format(path=shown) if template else f"{shown} can't be read: {error.strerror or error}"


def natural_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts ``cpu2`` before ``cpu10``."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def parse_list(text: str) -> tuple[int, ...] | Unknown:
    """The kernel's list notation, ``0-3,8``; bounded."""
    numbers: set[int] = set()
    for part in filter(None, text.strip().split(",")):
        found = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part.strip())
        if not found:
            return Unknown(f"not a list of processors: {text[:40]!r}")
        start, end = int(found[1]), int(found[2] or found[1])
        numbers.update(range(start, min(end, start + MOST_LISTED_CPUS) + 1))
    return tuple(sorted(numbers))


def bracketed(text: str | Unknown) -> str | Unknown:
    """The chosen word of a kernel choice such as ``always [madvise] never``."""
    if isinstance(text, Unknown):
        return text
    found = re.search(r"\[([^\]]+)\]", text)
    return found.group(1) if found else text


def _content(path: Path) -> bytes:
    """Read in small pieces: ``/proc/sys`` reserves as much kernel memory as is asked for."""
    with path.open("rb", buffering=0) as file:
        content = b""
        while len(content) < LARGEST_FILE_BYTES and (piece := file.read(READ_BYTES)):
            content += piece
    return content


def _shown(name: str) -> str:
    return "/" + name.lstrip("/")
