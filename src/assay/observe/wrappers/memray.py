"""Every allocation, by memray in a second run, where the target's own environment has it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from assay.observe.collector import Description, FirstPass, Nature, Rewritten, Sink, Unsuited
from assay.observe.functions.wrapping import python_command

_FILE = "allocations.bin"
_PATIENCE_S = 20.0


class MemrayWrapper:
    """``python -m memray run``; it works inside of the target, hence only on request."""

    description = Description(
        name="memray",
        nature=Nature.IN_PROCESS,
        summary="Where memory was allocated; the file is read by memray's own commands.",
        cost="a second run, of twice to ten times the time; the first is not touched",
        default=False,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """Whether it is there is decided by the target's interpreter, not by Assay's."""
        return None

    def wrap(self, first: FirstPass, folder: Path) -> Rewritten | Unsuited:
        """Memray put before a script, a module or a piece of code."""
        parts = python_command(first.argv, first.executable)
        if isinstance(parts, Unsuited):
            return parts
        program = shutil.which(parts.interpreter[0]) or parts.interpreter[0]
        if not _has_memray((program, *parts.interpreter[1:])):
            return Unsuited(f"memray is not installed for {program}; run: {program} -m pip install memray")
        kind = (f"-{parts.kind}",) if parts.kind else ()
        start = (*parts.interpreter, "-m", "memray", "run", "--quiet", "--output", str(folder / _FILE))
        return Rewritten(argv=(*start, *kind, parts.subject, *parts.arguments))

    def keep(self, folder: Path, sink: Sink) -> Unsuited | None:
        """Memray's own file."""
        written = folder / _FILE
        if not written.exists():
            return Unsuited("memray left no file")
        kept = sink.artifact("raw/memray/allocations.bin", collector="memray", media_type="application/octet-stream")
        shutil.move(written, kept)
        return None


def _has_memray(interpreter: tuple[str, ...]) -> bool:
    words = [*interpreter, "-c", "import memray"]
    try:
        return subprocess.run(words, capture_output=True, timeout=_PATIENCE_S, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


PLUGIN = MemrayWrapper()
