"""Command lines without their secrets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from assay.observe.environment.masking.names import is_secret, is_switch
from assay.observe.environment.masking.programs import mask_by_program
from assay.observe.environment.masking.shapes import MASK
from assay.observe.environment.masking.text import mask_text

MOST_ARGUMENTS = 4096

SHORT_FLAGS = {
    "mysql": "-p",
    "mysqladmin": "-p",
    "mysqldump": "-p",
    "mariadb": "-p",
    "mariadb-dump": "-p",
    "sshpass": "-p",
    "redis-cli": "-a",
    "ldapsearch": "-w",
    "7z": "-p",
    "sqlcmd": "-P",
    "ipmitool": "-P",
    "http": "-a",
    "https": "-a",
    "openssl": "-k",
    "zip": "-P",
    "unzip": "-P",
    "mosquitto_pub": "-P",
    "mosquitto_sub": "-P",
    "docker login": "-p",
    "podman login": "-p",
}
"""Programs whose short flag takes a password; ``-p`` of others is a port, a probability or a path."""
BEFORE_SECRETS = (
    ("wandb", "login"),
    ("vault", "login"),
    ("configure", "set", "aws_secret_access_key"),
    ("configure", "set", "aws_session_token"),
)
"""Words, flags left out, after which a secret stands without a flag: its own shape may tell nothing."""
_LAST_VERBS = frozenset(verbs[-1] for verbs in BEFORE_SECRETS)
_WORDS_BEFORE = 8
_USER_FLAGS = frozenset({"-u", "-U", "--user", "--proxy-user", "--username", "--userpass", "--http-user"})
_ATTACHED_USER = re.compile(r"(?P<head>-[uU](?!\d+:\d+$)[^\s:=/]+):(?!//).+", re.DOTALL)
_INNER = re.compile(
    "|".join(rf"(?<![\w.-]){re.escape(name)}(?:\s[^\n;|&]{{0,200}}?)?\s{flag}" for name, flag in SHORT_FLAGS.items())
)
"""A program with its flag inside one argument, as in ``sh -c 'mysql -p…'``."""
_INNER_WORD = re.compile(r"([ \t]?)(?:\"[^\"]*\"?|'[^']*'?|[^\s;|&\"']+)")
_NUMERIC_PAIR = re.compile(r"\d+:\d+")
_FLAG = re.compile(r"--?[A-Za-z][\w.-]{0,127}")
_PAIR = re.compile(r"(?P<name>-{0,2}[A-Za-z_][\w.-]{0,127})=")
_DEEPEST_PAIR = 4


def mask_argv(argv: Sequence[str]) -> tuple[str, ...]:
    """Each argument with its secrets replaced, of very many the first; masking them again changes nothing."""
    kept = [str(argument) for argument in argv[:MOST_ARGUMENTS]]
    if len(argv) > MOST_ARGUMENTS:
        kept[-1] = f"[…{len(argv) - MOST_ARGUMENTS + 1} more]"
    short = _short_flag(kept)
    of_program = mask_by_program(kept)
    masked: list[str] = []
    for index, argument in enumerate(kept):
        previous = kept[index - 1] if index else ""
        hidden = MASK if _follows_its_verb(kept, index) else of_program.get(index)
        masked.append(_masked(argument, previous, short) if hidden is None else hidden)
    return tuple(masked)


def _masked(argument: str, previous: str, short: str | None) -> str:
    if _is_value_of_secret(argument, previous, short):
        return MASK
    if previous in _USER_FLAGS and ":" in argument and "://" not in argument and not _NUMERIC_PAIR.fullmatch(argument):
        return f"{mask_text(argument.split(':', 1)[0])}:{MASK}"
    if short and argument.startswith(short) and len(argument) > len(short) and not argument.startswith("--"):
        return f"{short}{MASK}"
    if attached := _ATTACHED_USER.fullmatch(argument):
        return f"{mask_text(attached['head'])}:{MASK}"
    return _masked_pair(_without_inner_passwords(argument))


def _follows_its_verb(argv: Sequence[str], index: int) -> bool:
    if argv[index].startswith("-") or index == 0:
        return False
    if argv[index - 1] not in _LAST_VERBS and not argv[index - 1].startswith("-"):
        return False  # nearly always: a long command line costs no more than this
    words = [Path(word).name for word in argv[max(0, index - _WORDS_BEFORE) : index] if not word.startswith("-")]
    return any(tuple(words[-len(verbs) :]) == verbs for verbs in BEFORE_SECRETS)


def _without_inner_passwords(argument: str) -> str:
    pieces, position = [], 0
    while found := _INNER.search(argument, position):
        word = _INNER_WORD.match(argument, found.end())
        pieces += [argument[position : found.end()], word[1] + MASK if word else ""]
        position = word.end() if word else found.end()
    return "".join((*pieces, argument[position:]))


def _masked_pair(argument: str) -> str:
    """``NAME=VALUE``, where the value may be a pair in turn, as in ``--env=TOKEN=…``; else free text."""
    head, value = "", argument
    for _ in range(_DEEPEST_PAIR):
        pair = _PAIR.match(value)
        if pair is None:
            break
        head, value = head + pair[0], value[pair.end() :]
        if is_secret(pair["name"], value):
            return head + MASK
    return mask_text(argument)


def _is_value_of_secret(argument: str, previous: str, short: str | None) -> bool:
    """Whether the flag before it announces a secret, and this is its value and no flag of its own."""
    if not argument or argument.startswith("--") or (argument.startswith("-") and len(argument) == 2):
        return False
    if short and previous == short:
        return True
    return bool(_FLAG.fullmatch(previous)) and not is_switch(previous) and is_secret(previous, argument)


def _short_flag(argv: list[str]) -> str | None:
    """Wrappers such as ``sudo`` or ``timeout`` may stand before the program."""
    names = [Path(argument).name for argument in argv[:8]]
    candidates = (*names, *(f"{program} {verb}" for program, verb in pairwise(names)))
    return next((SHORT_FLAGS[name] for name in candidates if name in SHORT_FLAGS), None)
