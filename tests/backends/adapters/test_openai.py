"""What a client sees of a server, against a server that is told what to do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assay.backends.adapters.openai.model import ServedModel
from assay.backends.asked import Asked
from assay.backends.backend import Reply
from assay.errors import PlanError
from assay.record.documents.inference.trace import TraceReport
from assay.trace.analysis.summary import summarise
from assay.trace.reading import open_trace
from assay.trace.recording.recorder import record

END = b"data: [DONE]\n\n"


def piece(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


def used(tokens: int) -> bytes:
    usage = {"prompt_tokens": 9, "completion_tokens": tokens}
    return b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n"


@contextmanager
def serving(answer: list[bytes | float], status: int = 200, models: Any = None) -> Iterator[tuple[str, list[Any]]]:
    """A server that sends these bytes, and rests where a number stands; and the bodies that it was sent."""
    bodies: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send([json.dumps({"data": [{"id": "small"}]} if models is None else models).encode()], 200)

        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._send(answer, status)

        def _send(self, parts: list[Any], code: int) -> None:
            self.send_response(code)
            self.end_headers()
            for part in parts:
                if isinstance(part, bytes):
                    self.wfile.write(part)
                    self.wfile.flush()
                else:
                    time.sleep(part)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asked(url: str, path: Path, **more: Any) -> tuple[Reply, TraceReport, ServedModel]:
    wanted = Asked(model=url, tokens=3, **more)
    model = ServedModel(wanted)
    with record(path / "t.jsonl") as recorder:
        reply = model.generate(wanted, recorder, 0)
    return reply, summarise(open_trace(path / "t.jsonl"), path / "t.jsonl", None), model


def test_first_and_later_tokens_are_timed_apart(tmp_path: Path) -> None:
    with serving([0.08, piece("a"), 0.03, piece("b"), 0.03, piece("c"), used(3), END]) as (url, bodies):
        reply, report, model = asked(url, tmp_path, prompt="hello")
    assert (reply.text, reply.prompt_tokens, len(reply.tokens)) == ("abc", 9, 3)
    assert report.tokens.tokens == 3
    assert report.tokens.first is not None
    assert report.tokens.first.mean_ns >= 80e6
    assert report.tokens.between is not None
    # a client that is kept from reading sees later pieces sooner after it, but the last never before it was sent
    assert report.tokens.first.total_ns + report.tokens.between.total_ns >= 140e6
    assert bodies[0]["messages"][0]["content"] == "hello"
    assert (bodies[0]["model"], bodies[0]["stream"], bodies[0]["max_tokens"]) == ("small", True, 3)
    assert model.remarks == []


def test_a_server_that_counts_otherwise_than_it_sends_is_not_believed(tmp_path: Path) -> None:
    with serving([piece("a"), piece("b"), used(500), END]) as (url, _):
        reply, report, model = asked(url, tmp_path)
    assert len(reply.tokens) == report.tokens.tokens == 2
    assert "the server counts 500 tokens where 2 pieces came" in model.remarks[0]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([piece("a")], "ends before its end was stated"),
        ([], "ends before its end was stated"),
        ([b"data: {not json}\n\n", END], "no JSON"),
        ([b"data: [1]\n\n", END], "no object"),
        ([b'data: {"error": {"message": "out of memory"}}\n\n', END], "out of memory"),
        ([END], "holds no text"),
        ([b"data: " + b"x" * (1 << 20) + b"\n\n", END], "longer than 1 MiB"),
        ([b'data: {"choices": [7, {}]}\n\n', b'data: {"choices": {}}\n\n', END], "holds no text"),
    ],
)
def test_a_broken_answer_is_an_error_of_one_line(answer: list[bytes | float], words: str, tmp_path: Path) -> None:
    with serving(answer) as (url, _), pytest.raises(PlanError, match=words) as caught:
        asked(url, tmp_path)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_a_server_that_never_goes_on_is_left_after_the_time_limit(tmp_path: Path) -> None:
    with serving([piece("a"), 0.6, END]) as (url, _), pytest.raises(PlanError, match=r"time limit|no answer came"):
        asked(url, tmp_path, options={"timeout": "0.2"})


@pytest.mark.parametrize("models", [{}, {"data": []}, [], {"data": [{"id": None}, 3]}])
def test_a_server_that_lists_no_model_needs_a_name(models: Any, tmp_path: Path) -> None:
    with serving([piece("a"), END], models=models) as (url, bodies):
        asked(url, tmp_path, options={"model": "mine"})
        assert bodies[0]["model"] == "mine"
        if models != {"data": [{"id": None}, 3]}:
            with pytest.raises(PlanError, match="lists no model"):
                asked(url, tmp_path)


def test_a_refusal_and_a_missing_server_are_told(tmp_path: Path) -> None:
    with serving([b"no such model"], status=404) as (url, _), pytest.raises(PlanError, match="404: no such model"):
        asked(url, tmp_path)
    with pytest.raises(PlanError, match="can't be asked"):
        asked(url, tmp_path)
    for bad in ("ftp://host/v1", "http://", "http://host:port/v1"):
        with pytest.raises(PlanError):
            ServedModel(Asked(model=bad))


def test_random_prompts_differ_by_request_and_repeat_by_seed(tmp_path: Path) -> None:
    with serving([piece("a"), END]) as (url, bodies):
        for _ in range(2):
            asked(url, tmp_path, prompt_tokens=6)
        asked(url, tmp_path, prompt_tokens=6, seed=5)
    first, again, other = (body["messages"][0]["content"] for body in bodies)
    assert first == again != other
    assert len(first.split()) == 6
