"""Errors caught once: each becomes one line on standard error and an exit status.

Imports no more than it must, since every start passes through here.
"""

from __future__ import annotations

import os
import sys

from assay.cli.start.tree import FAILED, find
from assay.cli.terminal.aside import say_aside
from assay.errors import AssayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

DEFECT = 70
INTERRUPTED = 130
READER_GONE = 141
LONGEST_LINE = 500
_WITH_VALUE = ("--store", "--color")
"""Options of every command that the next word belongs to."""


def guarded(action: Callable[[list[str]], int], words: list[str]) -> int:
    """Do ``action`` with ``words``; whatever is raised ends in one line and an exit status."""
    _prepare_streams()
    try:
        status = action(words)
        _flush(sys.stdout)
        return status
    except BrokenPipeError:
        _abandon_stdout()
        return READER_GONE
    except KeyboardInterrupt:
        return _report("interrupted", status=INTERRUPTED)
    except AssayError as error:
        return _report(*map(one_line, _parts(error)), status=_failed(words), traceback=_wants_traceback(words))
    except UnicodeEncodeError as error:
        if all(map(_is_text, words)):
            return _report(_about_defect(error), status=_defect(words), traceback=_wants_traceback(words))
        return _report(_about_bytes(words), status=_failed(words), traceback=_wants_traceback(words))
    except OSError as error:
        return _report(_about_system(error), status=_failed(words), traceback=_wants_traceback(words))
    except Exception as error:  # noqa: BLE001 -- the last net: no user ever sees a bare traceback
        return _report(_about_defect(error), status=_defect(words), traceback=_wants_traceback(words))


def say(text: str) -> None:
    """Write to standard output."""
    if sys.stdout is None:
        raise AssayError("it is closed, so there is nowhere to write", where="standard output")
    sys.stdout.write(text)


def one_line(error: AssayError, longest: int = LONGEST_LINE - len("assay: ")) -> str:
    """What, where and what to try, on one line; where it is too long, the middle of its parts is left out."""
    from assay.record.words.escape import plain  # only an error needs it

    line = plain(str(error))
    if len(line) <= longest:
        return line
    where, what, remedy = _shortened(plain(error.where), 180), plain(error.what), _shortened(plain(error.remedy), 120)
    room = longest - len(where) - len(remedy) - len(": ; ")
    return str(AssayError(_shortened(what, room), where=where, remedy=remedy))


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    half = (longest - 1) // 2
    return f"{text[: longest - 1 - half]}…{text[-half:]}"


def _parts(error: AssayError) -> tuple[AssayError, ...]:
    """The errors that one error stands for: those of configuration are reported together."""
    parts: tuple[AssayError, ...] = getattr(error, "errors", ())
    return parts or (error,)


def _report(*lines: str, status: int, traceback: bool = False) -> int:
    if traceback:
        sys.excepthook(*sys.exc_info())
    try:
        _flush(sys.stdout)
    except OSError:
        _abandon_stdout()
    say_aside(sys.stderr, "".join(f"assay: {line}\n" for line in lines))
    return status


def _about_system(error: OSError) -> str:
    place = str(error.filename) if error.filename is not None else ""
    reason = error.strerror or str(error) or type(error).__name__
    return one_line(AssayError(reason, where=place, remedy="check the path, its permissions and the space left"))


def _about_defect(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return one_line(AssayError(f"this is a bug in Assay ({what})", remedy="run again with --debug and report it"))


def _is_text(word: str) -> bool:
    """Whether a word is Unicode; Python reads other bytes as surrogates, which only paths may hold."""
    return not any("\ud800" <= letter <= "\udfff" for letter in word)


def _about_bytes(words: list[str]) -> str:
    word = next(word for word in words if not _is_text(word))
    return one_line(AssayError("not UTF-8, which only a path may be", where=word, remedy="write ./ before a path"))


def _failed(words: list[str]) -> int:
    entry = find(_first_word(words))
    return entry.failed if entry else FAILED


def _first_word(words: list[str]) -> str:
    """The command among the words, which options of every command may precede."""
    rest = iter(words)
    for word in rest:
        if word in _WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return ""


def _defect(words: list[str]) -> int:
    failed = _failed(words)
    return DEFECT if failed == FAILED else failed


def _wants_traceback(words: list[str]) -> bool:
    own = words[: words.index("--")] if "--" in words else words
    return "--debug" in own or os.environ.get("ASSAY_DEBUG", "") not in ("", "0")


def _prepare_streams() -> None:
    """What can't be encoded is escaped, and closed standard streams don't lend their numbers to other files."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if None in (sys.stdin, sys.stdout, sys.stderr):
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(number)


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        stream.flush()


def _abandon_stdout() -> None:
    """Let the interpreter's last flush go nowhere, since it would complain."""
    number = os.open(os.devnull, os.O_WRONLY)
    os.dup2(number, 1)
    os.close(number)
