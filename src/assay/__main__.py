"""The program: ``assay`` and ``python -m assay``.

Help, version and the welcome are answered from the command table alone, so that they start as
fast as Python does; everything else loads the command line proper.
"""

from __future__ import annotations

import os
import sys

from assay.cli.start.front import answer
from assay.cli.start.guard import guarded, say
from assay.cli.start.tree import COMPLETION_VARIABLE


def main() -> int:
    """Run the program with the words of its command line and return the exit status."""
    return guarded(_respond, sys.argv[1:])


def _respond(words: list[str]) -> int:
    text = None if COMPLETION_VARIABLE in os.environ else answer(words)
    if text is None:
        from assay.cli.app import run

        return run(words)
    say(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
