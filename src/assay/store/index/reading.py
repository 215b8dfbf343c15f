"""Records to rows, with a second process at work where there are many: reading 100,000 files is worth its start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from assay.store.index.row import RunRow, summarise
from assay.store.index.source import FolderSource, Source

_MANY = 10_000
Answer = tuple[str, RunRow | str]
"""An id with its row, or with what is wrong with its record."""
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Answer])


def read_rows(source: Source, ids: Sequence[str]) -> Iterator[Answer]:
    """The row of each run, in order of ``ids``."""
    if not (isinstance(source, FolderSource) and len(ids) >= _MANY and _can_start_another()):
        yield from _rows(source, ids)
        return
    # The smaller part is done here, where the rows are written as well.
    middle = len(ids) * 2 // 5
    # -P: nothing of the folder somebody happens to stand in is imported.
    command = [sys.executable, "-P", "-m", "assay.store.index.reading", source.folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as helper:
        _send(helper, ids[middle:])
        yield from _rows(source, ids[:middle])
        answers = _received(helper)
    yield from answers if answers is not None else _rows(source, ids[middle:])


def _rows(source: Source, ids: Sequence[str]) -> Iterator[Answer]:
    for ulid, data in zip(ids, source.records(ids), strict=True):
        yield ulid, _row(ulid, data)


def _row(ulid: str, data: bytes | OSError) -> RunRow | str:
    if isinstance(data, FileNotFoundError):
        return "has no run.json"
    try:
        row = str(data) if isinstance(data, OSError) else summarise(data)
    except ValueError as error:
        return str(error)
    return row if isinstance(row, str) or row.id == ulid else f"holds the record of run {row.id}"


def _can_start_another() -> bool:
    """Whether there is a processor for it, and an interpreter that can be started by its name."""
    return len(os.sched_getaffinity(0)) > 1 and Path(sys.executable or "").name.startswith("python")


def _send(helper: subprocess.Popen[bytes], ids: Sequence[str]) -> None:
    if helper.stdin is not None:
        try:
            helper.stdin.write("\n".join(ids).encode())
            helper.stdin.close()
        except BrokenPipeError:
            return


def _received(helper: subprocess.Popen[bytes]) -> list[Answer] | None:
    """What the helper found; null where it failed, and its part is to be done here."""
    data = helper.stdout.read() if helper.stdout is not None else b""
    try:
        return _DECODER.decode(data) if helper.wait() == 0 else None
    except msgspec.MsgspecError:
        return None


def main() -> None:
    """The helper: ids come in, a line each, rows go out."""
    ids = sys.stdin.read().split()
    source = FolderSource(Path(sys.argv[1]))
    sys.stdout.buffer.write(_ENCODER.encode(list(_rows(source, ids))))


if __name__ == "__main__":
    main()
