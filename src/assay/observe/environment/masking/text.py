"""Free text and variables without their secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from assay.observe.environment.masking.names import is_secret, is_switch, words_of
from assay.observe.environment.masking.shapes import MASK, mask_shapes
from assay.observe.environment.text import clean

LONGEST = 32768
"""Characters kept of one text: more than a command line may hold in one argument is of no use in a record."""
CUT = " […cut]"
_WORD_ENDS = " \n\t,;/"

_NAMED = re.compile(
    r"(?<![\w.$-])(?P<quote>\\{0,3}[\"']?)(?P<name>-{0,2}[\w$][\w.$-]{0,127}+)(?P=quote)"
    r"(?P<between>(?:\][ \t]{0,4}=|[ \t]{0,4}(?:=>|[:=]))[ \t]{0,4}|[ \t]{1,4})"
)
_VALUE = re.compile(
    r"\[masked\]|\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?|\\{1,3}[\"'][^\"'\\]*\\{0,3}[\"']?"
    r"|[^\s,;&\"'`]*[^\s,;&\"'`)\]}>]"
)
_QUOTE = re.compile(r"\\{0,3}[\"']")
_SCHEME = re.compile(r"(?i)(?:bearer|basic|digest|token|negotiate|apikey|api-key|aws4-hmac-sha256)\s+")
_REST_OF_HEADER = re.compile(r"[^\"'\n]*")
_BEARER = re.compile(
    r"(?i)(?<!\w)(bearer|basic)(\s+)(?=[A-Za-z0-9+/_.~-]*\d|[A-Za-z0-9+/_.~-]*=)[A-Za-z0-9+/_.~-]{8,}=*"
)
_USER_AT_HOST = re.compile(
    r"(?P<head>[A-Za-z][A-Za-z0-9+.-]{0,31}://)(?P<user>[^\s:/?#@\"'\[]{0,256}):"
    r"(?P<word>(?!\d{1,5}[/?#])[^\s\"'<>]{1,512})@(?!sha\d)(?=[^\s@])"
)
_ELEMENT = re.compile(r"(?P<head><(?P<name>[A-Za-z_][\w.:-]{0,63})(?:\s[^<>]{0,256})?>)(?P<word>[^<>]{1,4096})(?=</)")
_ONLY_USER = re.compile(r"(?P<head>https?://)(?P<user>[^\s:/?#@\"'.]{20,256})@")
_NO_SCHEME = re.compile(
    r"(?<![\w/:.@-])(?P<user>[A-Za-z_][\w.+-]{0,63}):(?P<word>[^\s:@/\"']{3,128})@(?!sha\d)(?=[A-Za-z0-9[(])"
)
_SECRET_IN_QUERY = frozenset({"key", "code", "sig", "x-amz-credential"})
_HEADERS = frozenset({"authorization", "cookie"})


def mask_text(text: str) -> str:
    """The text with secrets replaced; masking it again changes nothing."""
    masked = _clipped(_once(_bounded(clean(text))))
    for _ in range(4):
        again = _clipped(_once(masked))
        if again == masked:
            return masked
        masked = again
    return MASK  # text made to resist: nothing of it is kept


def mask_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """The same variables with secrets replaced: by the variable's name, else by what the value shows."""
    return {name: mask_value(name, value) for name, value in variables.items()}


def mask_value(name: str, value: str) -> str:
    """The value, hidden where its name announces a secret."""
    return MASK if is_secret(name, value.strip()) else mask_text(value)


def _once(text: str) -> str:
    for step in _STEPS:
        text = step(text)
    return text


def _mask_urls(text: str) -> str:
    text = _USER_AT_HOST.sub(rf"\g<head>\g<user>:{MASK}@", text)
    text = _ONLY_USER.sub(rf"\g<head>{MASK}@", text)
    return _NO_SCHEME.sub(_masked_without_scheme, text)


def _masked_without_scheme(found: re.Match[str]) -> str:
    return found[0] if found["user"].lower() in {"mailto", "sip", "git"} else f"{found['user']}:{MASK}@"


def _mask_elements(text: str) -> str:
    return _ELEMENT.sub(
        lambda found: found["head"] + MASK if is_secret(found["name"], found["word"]) else found[0], text
    )


def _mask_named(text: str) -> str:
    """Values behind ``name=``, ``name: `` and ``"name": ``; a harmless name's value is searched for names in turn."""
    pieces: list[str] = []
    position = 0
    while (found := _NAMED.search(text, position)) is not None:
        pieces.append(text[position : found.end()])
        position = found.end()
        end = _end_of_secret(text, found)
        if end > position:
            pieces.append(_hidden(text[position:end]))
            position = end
    return "".join((*pieces, text[position:]))


def _end_of_secret(text: str, found: re.Match[str]) -> int:
    """Where the secret that belongs to the name ends; the name's own end if there is none."""
    start, name = found.end(), found["name"]
    in_query = text.endswith(("?", "&"), 0, found.start()) and name.lower() in _SECRET_IN_QUERY
    if not in_query and not is_secret(name):
        return start  # before the value is looked at: it may be long, and names many
    value = _VALUE.match(text, start)
    if value is None or not _may_hold(found, value[0]):
        return start
    if not in_query and not is_secret(name, value[0].strip("\\\"'")):
        return start
    return _end_of_header(text, start, name) or value.end()


def _may_hold(found: re.Match[str], value: str) -> bool:
    """Whether what stands behind a name is its value: not the rest of a URL, and not the next flag or the next word."""
    between = found["between"]
    if not between.strip():
        return found["name"].startswith("-") and not value.startswith("-") and not is_switch(found["name"])
    before = found.string[found.start() - 1 : found.start()]
    closes_quote = before in {"'", '"'} and value.startswith(before)  # as in ``'token:'``
    return not closes_quote and not (between == ":" and value.startswith("//"))


def _end_of_header(text: str, start: int, name: str) -> int | None:
    if not _HEADERS & set(words_of(name)):
        return None
    if "cookie" in words_of(name):
        rest = _REST_OF_HEADER.match(text, start)
        return rest.end() if rest and rest[0].strip() else None
    scheme = _SCHEME.match(text, start)
    value = _VALUE.match(text, scheme.end()) if scheme else None
    return value.end() if value else None


def _hidden(value: str) -> str:
    """A mask in the value's own quotes, behind the scheme of an authorization."""
    opening = _QUOTE.match(value)
    quote = opening[0] if opening else ""
    scheme = _SCHEME.match(value, len(quote))
    closing = quote if quote and len(value) > len(quote) and value.endswith(quote) else ""
    return f"{quote}{scheme[0] if scheme else ''}{MASK}{closing}"


def _mask_bearers(text: str) -> str:
    return _BEARER.sub(rf"\1\2{MASK}", text)


_STEPS: tuple[Callable[[str], str], ...] = (_mask_urls, _mask_elements, _mask_named, _mask_bearers, mask_shapes)


def _bounded(text: str) -> str:
    """Cut before masking, so that no text takes long; the cut falls between words, so that it halves no secret."""
    if len(text) <= 2 * LONGEST:
        return text
    return _until_blank(text[: 2 * LONGEST]) + CUT


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST else _until_blank(text[: LONGEST - len(CUT)]) + CUT


def _until_blank(text: str) -> str:
    end = max(text.rfind(mark) for mark in _WORD_ENDS)
    return text[: max(end, 0)].rstrip()
