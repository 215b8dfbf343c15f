"""Server-sent events off a connection: bounded, and each with the instant at which it was whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

import msgspec

from assay.errors import PlanError

MOST_LINE_BYTES = 1 << 20
MOST_EVENTS = 1 << 20
DONE = "[DONE]"
_REMEDY = "check the server's log; it has to stream answers as OpenAI's do"


@dataclass(frozen=True)
class Event:
    """One piece of an answer."""

    at_ns: int
    """When its last byte had arrived."""
    document: dict[str, Any]


def events_of(response: HTTPResponse, where: str) -> Iterator[Event]:
    """The pieces up to the end that the server states; an answer that just stops raises."""
    for _ in range(MOST_EVENTS):
        line = _line(response, where)
        if not line:
            raise PlanError("the answer ends before its end was stated", where=where, remedy=_REMEDY)
        at_ns = time.perf_counter_ns()
        text = line.decode("utf-8", "replace").strip()
        if not text.startswith("data:"):
            continue
        data = text.removeprefix("data:").strip()
        if data == DONE:
            return
        yield Event(at_ns, _document(data, where))
    raise PlanError(f"the answer has more than {MOST_EVENTS:,} pieces", where=where, remedy=_REMEDY)


def _line(response: HTTPResponse, where: str) -> bytes:
    try:
        line = response.readline(MOST_LINE_BYTES + 1)
    except TimeoutError as error:
        raise PlanError("nothing came for the time limit", where=where, remedy="allow more: --set timeout=S") from error
    except (OSError, ValueError) as error:
        raise PlanError(f"the connection broke: {error}"[:200], where=where, remedy=_REMEDY) from error
    if len(line) > MOST_LINE_BYTES:
        raise PlanError("a line of the answer is longer than 1 MiB", where=where, remedy=_REMEDY)
    return line


def _document(data: str, where: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise PlanError("a piece of the answer is no JSON", where=where, remedy=_REMEDY) from error
    if not isinstance(found, dict):
        raise PlanError("a piece of the answer is no object", where=where, remedy=_REMEDY)
    if found.get("error"):
        raise PlanError(f"the server says: {str(found['error'])[:300]}", where=where, remedy=_REMEDY)
    return found
