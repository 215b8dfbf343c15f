"""What importing each module took, as the interpreter itself tells in a second run."""

from __future__ import annotations

from pathlib import Path

from assay.observe.collector import Description, FirstPass, Nature, Rewritten, Sink, Unsuited

_MARK = b"import time:"


class ImportsWrapper:
    """The interpreter's switch ``-X importtime``, set by its environment variable."""

    description = Description(
        name="imports",
        nature=Nature.WRAPPER,
        summary="Time that each import took, nested as it happened.",
        cost="a second run, with a line of output for each import; the first is not touched",
        default=False,
        diagnosis=True,
    )

    def obstacle(self) -> str | None:
        """It needs nothing that Python does not bring."""
        return None

    def wrap(self, first: FirstPass, _folder: Path) -> Rewritten | Unsuited:
        """The same command; every Python in it hears the variable."""
        return Rewritten(argv=first.argv, variables={"PYTHONPROFILEIMPORTTIME": "1"})

    def keep(self, folder: Path, sink: Sink) -> Unsuited | None:
        """The interpreter's lines, without what the program wrote between them."""
        with (folder / "stderr.log").open("rb") as log:
            lines = [line for line in log if line.startswith(_MARK)]
        if not lines:
            return Unsuited("no Python told its imports; it may ignore its environment (-E, -I), or be none")
        kept = sink.artifact("raw/imports/importtime.txt", collector="imports", media_type="text/plain")
        kept.write_bytes(b"".join(lines))
        return None


PLUGIN = ImportsWrapper()
