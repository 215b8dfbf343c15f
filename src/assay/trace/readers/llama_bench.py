"""Results of llama-bench as JSON: whole runs of a prompt or of generated tokens, and nothing of layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from assay.record.enums import Backend, Phase
from assay.trace.foreign.documents import Loose, begins_with, decode_file, number
from assay.trace.foreign.events import Foreign
from assay.trace.foreign.opened import opened
from assay.trace.reading import Reader
from assay.trace.source import Trace, damaged

_STEP = "Run"
_REMARK = "llama-bench times whole runs: there are no steps, layers or tokens to tell apart."


class _Test(Loose):
    samples_ns: list[int]
    n_prompt: int = 0
    n_gen: int = 0
    n_threads: int | None = None
    build_commit: str = ""
    build_number: Any = ""
    model_type: str = ""
    model_filename: str = ""
    model_size: int | None = None


def recognises(head: bytes) -> bool:
    """An array of objects, or lines of them, that name a build and its samples."""
    return begins_with(head, rb"^\s*[\[{]") and all(word in head for word in (b'"build_commit"', b'"samples_ns"'))


def open_results(path: Path) -> Trace:
    """The trace: one event a sample."""
    tests = _tests(path)
    events: list[Foreign] = []
    now_ns = 0
    for each in tests:
        for sample_ns in each.samples_ns:
            if not 0 <= sample_ns < 1 << 53:
                raise damaged(str(path), f"a sample of {sample_ns} ns")
            events.append(_event(each, now_ns, sample_ns, len(events)))
            now_ns += sample_ns
    first = tests[0] if tests else None
    facts: dict[str, object] = {"backend": Backend.LLAMACPP}
    if first is not None:
        size, threads = number(first.model_size), number(first.n_threads)
        facts |= {
            "build": f"{first.build_commit} ({first.build_number})"[:500],
            "model": (first.model_type or first.model_filename)[:500],
            "weight_bytes": None if size is None or size < 0 else int(size),
            "threads": None if threads is None or threads < 0 else int(threads),
        }
    return opened(path, "llama_bench", events, "llama-bench, ns", remarks=(_REMARK,), **facts)


def _tests(path: Path) -> list[_Test]:
    """The array of ``-o json``, or the lines of ``-o jsonl``."""
    with path.open("rb") as file:
        first = file.read(64).lstrip()[:1]
    if first == b"[":
        found: list[_Test] = decode_file(path, list[_Test], "a result of llama-bench")
        return found
    decoder = msgspec.json.Decoder(_Test)
    try:
        return [decoder.decode(line) for line in path.read_bytes()[: 64 << 20].splitlines() if line.strip()]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:160]
        raise damaged(str(path), f"not a result of llama-bench: {reason}") from error


def _event(test: _Test, start_ns: int, wall_ns: int, invocation: int) -> Foreign:
    generates = test.n_gen > 0
    phase = Phase.DECODE if generates and not test.n_prompt else Phase.PREFILL if not generates else Phase.NONE
    return Foreign(
        step=_STEP, phase=phase, start_ns=start_ns, wall_ns=wall_ns, thread=0, invocation=invocation,
        tokens=max(0, test.n_prompt + test.n_gen),
    )  # fmt: skip


PLUGIN = Reader(name="llama_bench", title="result of llama-bench (JSON)", recognises=recognises, open=open_results)
