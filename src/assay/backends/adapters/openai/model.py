"""Requests to a server, and what its answers show: when pieces came, and what it says it did.

A server shows no steps. Its requests are spans, and each piece of an answer is stamped as the token that it brings:
from the piece before it, or from the request. Pieces are what was measured; how many tokens are in one, only the
server knows, and where it counts otherwise than its pieces, that is said.
"""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from assay.backends.adapters.openai.stream import Event, events_of
from assay.backends.asked import Asked, Described
from assay.backends.backend import Reply
from assay.backends.generation.loop import DEFAULT_PROMPT_TOKENS
from assay.errors import PlanError
from assay.record import enums
from assay.record.enums import Phase, Precision, TraceStep
from assay.trace.recording.recorder import Recorder

_TIMEOUT_S = 120.0
_WORDS = ("time", "light", "house", "river", "stone", "green", "walk", "seven", "music", "north")
_MOST_BODY_BYTES = 1 << 20


@dataclass(frozen=True)
class _Server:
    """Where it is."""

    host: str
    port: int
    path: str
    is_secure: bool
    timeout_s: float

    def connection(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.is_secure else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=self.timeout_s)


class ServedModel:
    """A model behind an address."""

    def __init__(self, asked: Asked) -> None:
        self._where = asked.model
        self._server = _server(asked)
        self._key = asked.options.get("key", "")
        started_ns = time.perf_counter_ns()
        self._model = asked.options.get("model") or self._first_model()
        self.load_ns = time.perf_counter_ns() - started_ns
        self.remarks: list[str] = []
        self.described = Described(
            name=self._model[:200] or "model",
            format="served",
            backend=enums.Backend.OPENAI,
            precision=Precision.UNSPECIFIED,
            threads=None,
            batch=1,
            build=asked.model,
        )

    def generate(self, asked: Asked, recorder: Recorder, number: int) -> Reply:
        """Send one request and stamp its answer as it comes."""
        body = msgspec.json.encode(self._body(asked, number))
        pieces: list[str] = []
        usage: dict[str, Any] = {}
        with recorder.request() as request:
            span = request.step(TraceStep.DECODE, token=0, phase=Phase.PREFILL)
            span.__enter__()
            for event in self._answer(body):
                usage = event.document.get("usage") or usage
                text = _text_of(event.document)
                if text:
                    pieces.append(text)
                    following = request.step(TraceStep.DECODE, token=len(pieces), phase=Phase.DECODE)
                    span.hand_over(following)
                    span = following
        if not pieces:
            raise PlanError("the answer holds no text", where=self._where, remedy="check the model and the prompt")
        self._compare(usage, len(pieces))
        counted = usage.get("prompt_tokens")
        prompt = counted if isinstance(counted, int) and 0 <= counted < 1 << 31 else 0
        return Reply(prompt_tokens=prompt, tokens=range(len(pieces)), text="".join(pieces))

    def close(self) -> None:
        """Every request has a connection of its own."""

    def _compare(self, usage: dict[str, Any], pieces: int) -> None:
        stated = usage.get("completion_tokens")
        if isinstance(stated, int) and stated != pieces:
            words = f"the server counts {stated:,} tokens where {pieces:,} pieces came: times between are of pieces"
            if words not in self.remarks:
                self.remarks.append(words)

    def _body(self, asked: Asked, number: int) -> dict[str, Any]:
        draw = random.Random(f"{asked.seed}/{number}")  # noqa: S311 - a prompt that can be repeated, not a secret
        count = asked.prompt_tokens or DEFAULT_PROMPT_TOKENS
        prompt = asked.prompt or " ".join(draw.choice(_WORDS) for _ in range(count))
        return {
            "model": self._model,
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": asked.tokens,
            "temperature": 0,
            "seed": asked.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    def _answer(self, body: bytes) -> Iterator[Event]:
        connection = self._server.connection()
        try:
            with self._asked(connection, "POST", "/chat/completions", body) as response:
                yield from events_of(response, self._where)
        finally:
            connection.close()

    def _asked(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None
    ) -> http.client.HTTPResponse:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            connection.request(method, self._server.path + path, body, headers)
            response = connection.getresponse()
        except TimeoutError as error:
            raise PlanError("no answer came", where=self._where, remedy="allow more: --set timeout=S") from error
        except (OSError, http.client.HTTPException) as error:
            what = f"the server can't be asked: {error}"[:200]
            raise PlanError(what, where=self._where, remedy="start the server, or check the address") from error
        if response.status != http.client.OK:
            with response:
                said = response.read(400).decode("utf-8", "replace").strip().replace("\n", " ")
            raise PlanError(f"the server answers {response.status}: {said}", where=self._where, remedy="see its log")
        return response

    def _first_model(self) -> str:
        """The first that it lists."""
        connection = self._server.connection()
        try:
            with self._asked(connection, "GET", "/models") as response:
                found = msgspec.json.decode(response.read(_MOST_BODY_BYTES))
            return str(found["data"][0]["id"])
        except (msgspec.MsgspecError, KeyError, IndexError, TypeError, OSError, http.client.HTTPException) as error:
            remedy = "name one with --set model=NAME"
            raise PlanError("the server lists no model", where=self._where, remedy=remedy) from error
        finally:
            connection.close()


def _server(asked: Asked) -> _Server:
    parts = urlsplit(asked.model)
    try:
        timeout_s = float(asked.options.get("timeout", _TIMEOUT_S))
        port = parts.port
    except ValueError as error:
        raise PlanError("a port or a time limit is no number", where=asked.model, remedy="check them") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or timeout_s <= 0:
        remedy = "give it like http://127.0.0.1:8000/v1"
        raise PlanError("is no address of a server", where=asked.model, remedy=remedy)
    is_secure = parts.scheme == "https"
    return _Server(parts.hostname, port or (443 if is_secure else 80), parts.path.rstrip("/"), is_secure, timeout_s)


def _text_of(document: dict[str, Any]) -> str:
    """The text that a piece brings; empty where it brings none."""
    choices = document.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    delta = first.get("delta") if isinstance(first, dict) else None
    text = delta.get("content") if isinstance(delta, dict) else first.get("text") if isinstance(first, dict) else None
    return text if isinstance(text, str) else ""
