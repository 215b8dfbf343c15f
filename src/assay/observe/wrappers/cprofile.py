"""Exact numbers of calls, from a second run under the interpreter's own profiler."""

from __future__ import annotations

from pathlib import Path

from assay.observe.collector import Description, FirstPass, Nature, Rewritten, Sink, Unsuited
from assay.observe.functions.counts import read_counts
from assay.observe.functions.wrapping import starts_processes, wrapped

_FILE = "profile"


class CProfileWrapper:
    """``python -m cProfile``; its counts are exact, its times are left behind."""

    description = Description(
        name="cprofile",
        nature=Nature.WRAPPER,
        summary="How often each Python function of the main thread was called, and by which.",
        cost="a second run, of twice to four times the time; the first is not touched",
        default=False,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs nothing that Python does not bring."""
        return None

    def wrap(self, first: FirstPass, folder: Path) -> Rewritten | Unsuited:
        """The interpreter's profiler put before a script, a module or a piece of code."""
        if (refused := starts_processes(first.files)) is not None:
            return refused
        words = wrapped(first.argv, first.executable, folder / _FILE)
        return words if isinstance(words, Unsuited) else Rewritten(argv=words)

    def keep(self, folder: Path, sink: Sink) -> Unsuited | None:
        """The counts as rows of a table."""
        columns = read_counts(folder / _FILE)
        if isinstance(columns, Unsuited):
            return columns
        sink.table("functions").extend(zip(*columns.values(), strict=True))
        return None


PLUGIN = CProfileWrapper()
