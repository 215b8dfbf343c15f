"""Programs that take a password in a way of their own: after a separator, behind a slash, or as their last word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assay.observe.environment.masking.shapes import MASK

_PROGRAMS_LOOKED_AT = 8
_BEHIND_PERCENT = frozenset({"smbclient", "smbget", "smbcacls", "smbtree", "rpcclient", "net", "mount.cifs"})
_BEHIND_COMMA = frozenset({"lftp"})
_FREERDP = re.compile(r"(?:[a-z]+-)?(?:[xw]l?freerdp3?|sdl-freerdp3?|mstsc)")
_RDP_PASSWORD = re.compile(r"(?P<head>[/-](?:p|gp|pass|password|gateway-password|pth|pin):).+", re.DOTALL)
_USER_FLAGS = ("-U", "-u", "--user")


def mask_by_program(argv: Sequence[str]) -> dict[int, str]:
    """What stands in place of the arguments that only their program makes secret, by their position."""
    for start, word in enumerate(argv[:_PROGRAMS_LOOKED_AT]):
        name = Path(word).name
        if name in _BEHIND_PERCENT:
            return _behind(argv, start, "%")
        if name in _BEHIND_COMMA:
            return _behind(argv, start, ",")
        if _FREERDP.fullmatch(name):
            return _remote_desktop(argv, start)
        if name == "htpasswd":
            return _htpasswd(argv, start)
    return {}


def _behind(argv: Sequence[str], start: int, separator: str) -> dict[int, str]:
    """``-U name%password``, ``-Uname%password`` or ``--user=name%password``."""
    found = {}
    for index in range(start + 1, len(argv)):
        flagged = argv[index - 1] in _USER_FLAGS or argv[index].startswith(_USER_FLAGS)
        if flagged and separator in argv[index]:
            found[index] = f"{argv[index].split(separator, 1)[0]}{separator}{MASK}"
    return found


def _remote_desktop(argv: Sequence[str], start: int) -> dict[int, str]:
    matches = ((index, _RDP_PASSWORD.fullmatch(argv[index])) for index in range(start + 1, len(argv)))
    return {index: match["head"] + MASK for index, match in matches if match}


def _htpasswd(argv: Sequence[str], start: int) -> dict[int, str]:
    """With ``-b`` among its flags the password is the last word."""
    flags = [word for word in argv[start + 1 :] if re.fullmatch(r"-[A-Za-z]+", word)]
    words = [index for index in range(start + 1, len(argv)) if not argv[index].startswith("-")]
    if not any("b" in flag for flag in flags) or len(words) < 2:
        return {}
    return {len(argv) - 1: MASK}
