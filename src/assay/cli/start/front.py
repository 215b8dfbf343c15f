"""What is answered without loading anything: the welcome, the version, and the help of groups of commands."""

from __future__ import annotations

from assay import __version__
from assay.cli.start import tree

WELCOME = """\
Assay measures a program, keeps an honest record, says why it is slow, and
proves whether a change helped. Three ways to begin:

  assay demo                         a planted problem: found, repaired, proved
  assay profile -- python job.py     measure any command, keep the record
  assay runs list                    what has been measured so far

A report for people comes from `assay report @latest -o report.html`.
Nothing leaves this machine, nothing asks for root, and a number that could
not be measured is never shown as zero.

`assay doctor` says what this machine can measure; `assay --help` lists all.
"""

EXIT_STATUS = """\
Exit status:
  0    done; where a question was asked, the answer is yes
  1    the answer is no: two runs differ, a check failed
  2    an error you can mend: a wrong word, a bad file, an unusable store
  70   a defect in Assay; run again with --debug and report it
  130  interrupted; 141  the reader of the output went away
"""

OPTIONS = """\
Options of every command:
  --store PLACE    store to use instead of the configured one
  -q, --quiet      say nothing but results and errors
  -v, --verbose    say more
  --color WHEN     auto, always or never
  --debug          show the traceback of an error
  --help           help of this command
  --version        version of Assay (before any command)
"""


def answer(words: list[str]) -> str | None:
    """The text that answers these words, or None where a command has to be loaded."""
    if not words:
        return WELCOME
    if words in (["--version"], ["-V"]):
        return version()
    if words in (["--help"], ["-h"], ["help"]):
        return group_help("")
    if tree.below(words[0]) and words[1:] in ([], ["--help"], ["-h"]):
        return group_help(words[0])
    return None


def version() -> str:
    """Name and version."""
    return f"assay {__version__}\n"


def group_help(group: str) -> str:
    """Help of the program or of a group of commands; it ends in an example."""
    if group:
        entry = tree.find(group)
        opening = f"{entry.summary if entry else group}.\n"
        return "\n".join([_usage(group), opening, _listing(tree.below(group)), _closing(group)])
    return "\n".join([_usage(""), _headed_listing(), OPTIONS, EXIT_STATUS, _closing("")])


def _usage(group: str) -> str:
    return f"Usage: assay {group + ' ' if group else ''}COMMAND [OPTIONS] [ARGUMENTS]\n"


def _closing(group: str) -> str:
    help_line = f"`assay {group + ' ' if group else ''}COMMAND --help` explains a command."
    return f"{help_line}\n\nExample:\n  {tree.EXAMPLES[group]}\n"


def _headed_listing() -> str:
    entries = tree.below("")
    headings = dict.fromkeys(entry.heading for entry in entries)
    return "\n".join(
        f"{heading}:\n{_listing([entry for entry in entries if entry.heading == heading])}" for heading in headings
    )


def _listing(entries: list[tree.Entry]) -> str:
    return "".join(f"  {entry.word:<12} {entry.summary}\n" for entry in entries)
