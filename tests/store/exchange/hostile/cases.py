"""Files and folders made to hurt whoever reads them: each is a name and a function that makes it below a folder."""

from __future__ import annotations

import io
import json
import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.record.arrow import SAMPLES, SPANS
from assay.record.run import RUN_FILE
from assay.record.sample import SAMPLE_FOLDER
from tests.store.exchange.folders import copy_of_sample, relist

Maker = Callable[[Path], Path]
HOSTILE: dict[str, Maker] = {}

ARTIFACT, SERIES = "raw/rusage/usage.json", "spans.parquet"
RECORD = (SAMPLE_FOLDER / RUN_FILE).read_bytes()


def folder_case(name: str) -> Callable[[Callable[[Path], object]], None]:
    """A copy of the sample that the function spoils."""

    def register(spoil: Callable[[Path], object]) -> None:
        def make(parent: Path) -> Path:
            folder = copy_of_sample(parent)
            spoil(folder)
            return folder

        HOSTILE[f"folder: {name}"] = make

    return register


def file_case(name: str, content: Callable[[], bytes]) -> None:
    """One file."""

    def make(parent: Path) -> Path:
        path = parent / name.replace(" ", "-").replace("/", "-")
        path.write_bytes(content())
        return path

    HOSTILE[f"file: {name}"] = make


def replaced(folder: Path, file: str, how: Callable[[Path], object]) -> None:
    """Put something else in the place of a file."""
    (folder / file).unlink()
    how(folder / file)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(path.parent)
        server.bind(path.name)


def _second_name(path: Path) -> None:
    foreign = path.parents[3] / f"foreign-{path.name}" if len(path.parents) > 3 else path.with_suffix(".foreign")
    foreign.write_bytes(b"secret")
    path.hardlink_to(foreign)
    foreign.unlink()


def _no_file(path: Path) -> None:
    """Leave the place empty."""


def _holes(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


_INSTEAD: dict[str, Callable[[Path], object]] = {
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "link to nowhere": lambda path: path.symlink_to("gone"),
    "link to an endless device": lambda path: path.symlink_to("/dev/zero"),
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "nothing": _no_file,
    "empty file": Path.touch,
    "second name of a foreign file": _second_name,
    "terabyte of holes": _holes,
}


def _put_instead(file: str, how: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: replaced(folder, file, how)


for place in (RUN_FILE, ARTIFACT, SERIES):
    for thing, make_thing in _INSTEAD.items():
        folder_case(f"{thing} for {place}")(_put_instead(place, make_thing))


@folder_case("holes with the right size and a wrong hash")
def _(folder: Path) -> None:
    os.truncate(folder / ARTIFACT, 1 << 38)
    document = json.loads(RECORD)
    document["artifacts"][0]["size_bytes"] = 1 << 38
    (folder / RUN_FILE).write_text(json.dumps(document))


@folder_case("link for a folder inside")
def _(folder: Path) -> None:
    (folder / "raw").rename(folder.parent / "raw")
    (folder / "raw").symlink_to(folder.parent / "raw")


@folder_case("link loop")
def _(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)


@folder_case("socket")
def _(folder: Path) -> None:
    here = Path.cwd()
    try:
        _socket(folder / "raw" / "s")
    finally:
        os.chdir(here)


@folder_case("unlisted pipe")
def _(folder: Path) -> None:
    os.mkfifo(folder / "raw" / "pipe")


@folder_case("unlisted file with a new line and an escape in its name")
def _(folder: Path) -> None:
    (folder / "a\nb\x1b[2J").touch()


@folder_case("unlisted file whose name is not text")
def _(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe")).touch()


@folder_case("unlisted file with the longest name")
def _(folder: Path) -> None:
    (folder / ("n" * 255)).touch()


@folder_case("unlisted hidden file")
def _(folder: Path) -> None:
    (folder / ".bashrc").write_text("evil")


@folder_case("very many unlisted files")
def _(folder: Path) -> None:
    for number in range(3000):
        (folder / f"{number}").touch()


@folder_case("very deep folders")
def _(folder: Path) -> None:
    here = Path.cwd()
    try:
        os.chdir(folder)
        for _level in range(600):
            os.mkdir("d" * 20)  # noqa: PTH102
            os.chdir("d" * 20)
    finally:
        os.chdir(here)


@folder_case("folder without rights")
def _(folder: Path) -> None:
    (folder / "raw").chmod(0)


def _series(name: str, content: Callable[[], bytes], **facts: Any) -> None:
    @folder_case(f"series: {name}")
    def _(folder: Path) -> None:
        (folder / SERIES).write_bytes(content())
        relist(folder, SERIES, **facts)


def parquet(table: pa.Table, **options: Any) -> bytes:
    """A table as the bytes of a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def arrow_file(table: pa.Table) -> bytes:
    """A table as the bytes of an Arrow IPC file."""
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def spans(rows: int = 3, **columns: Any) -> pa.Table:
    """Spans with any columns replaced."""
    plain: dict[str, Any] = {"step": "Attention", "phase": "decode", "device": "cpu:0", "start_ns": 1, "wall_ns": 1}
    made = {field.name: columns.get(field.name, [plain.get(field.name)] * rows) for field in SPANS}
    fields = [field.with_nullable(True) for field in SPANS]
    return pa.Table.from_pydict(made, schema=pa.schema(fields, metadata=SPANS.metadata))


GOOD = (SAMPLE_FOLDER / SERIES).read_bytes()
_series("an Arrow file", lambda: arrow_file(spans()))
_series("an Arrow file with bytes turned", lambda: arrow_file(spans()).replace(b"\x00\x00", b"\xff\xff"))
_series("another schema", lambda: parquet(pa.table({"a": [1, 2, 3]})))
_series("the schema of another kind", lambda: parquet(SAMPLES.empty_table()))
_series("no rows", lambda: parquet(SPANS.empty_table()))
_series("more rows than recorded", lambda: parquet(spans(5)))
_series("fewer rows than recorded", lambda: GOOD, rows=9)
_series("nulls where none may be", lambda: parquet(spans(wall_ns=[None, 1, 1])))
_series("no metadata", lambda: parquet(spans().replace_schema_metadata(None), store_schema=False))
_series("a column more", lambda: parquet(spans().append_column("more", pa.array([1, 2, 3]))))
_series("a schema that is not one", lambda: parquet(spans()).replace(b"/////", b"AAAAA"))
_series("text", lambda: b"hello")
_series("nothing but the magic", lambda: b"PAR1PAR1")
_series("a footer longer than the file", lambda: GOOD[:-8] + b"\xff\xff\xff\x7fPAR1")
_series("a footer of length nought", lambda: GOOD[:-8] + b"\x00\x00\x00\x00PAR1")
_series("an encrypted footer", lambda: GOOD[:-4] + b"PARE")
_series("no head", lambda: b"XXXX" + GOOD[4:])
_series("claimed billions of rows", lambda: GOOD, rows=10**12)
_series("millions of rows in some bytes", lambda: parquet(spans(2_000_000)), rows=2_000_000)


def turned(data: bytes, twelfth: int) -> bytes:
    place = 4 + (len(data) - 12) * twelfth // 12
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def _cut(data: bytes, quarters: int) -> bytes:
    return data[: len(data) * quarters // 4]


for at in range(12):
    _series(f"a byte turned at {at}/12", partial(turned, GOOD, at))
for part in (1, 2, 3):
    _series(f"cut at {part}/4", partial(_cut, GOOD, part))


file_case("record of 17 MiB", lambda: RECORD.rstrip()[:-1] + b" " * (17 << 20) + b"}")
file_case("record of two million values", lambda: RECORD.replace(b'"argv":[', b'"argv":[' + b'"",' * 2_000_000))
file_case("record of brackets", lambda: b"[" * (15 << 20))
file_case("record of objects", lambda: b'{"schema_version":' * 800_000)
file_case("record with a key twice", lambda: RECORD.replace(b'"status":', b'"status":"failed","status":'))
file_case("record of noise", lambda: bytes(range(256)) * 4000)
file_case("zip", lambda: b"PK\x03\x04" + bytes(400))
file_case("program", lambda: Path("/bin/true").read_bytes())


def special(name: str, make: Maker) -> None:
    """A path that is neither a plain file nor a plain folder."""
    HOSTILE[f"path: {name}"] = make


def _made(path: Path, how: Callable[[Path], object]) -> Path:
    how(path)
    return path


special("pipe", lambda parent: _made(parent / "pipe.json", os.mkfifo))
special("link to a run", lambda parent: _made(parent / "link", lambda path: path.symlink_to(SAMPLE_FOLDER)))
special("link to itself", lambda parent: _made(parent / "self", lambda path: path.symlink_to(path)))
special("nothing", lambda parent: parent / "gone")
special("device", lambda _: Path("/dev/zero"))
special("terminal", lambda _: Path("/dev/tty"))
special("empty folder", lambda parent: _made(parent / "empty", Path.mkdir))
special("name with a NUL", lambda parent: Path(f"{parent}/a\0b"))
special("name that is too long", lambda parent: parent / ("x" * 300))
special("file as a folder", lambda _: Path("/etc/passwd/run.json"))
special("name that is not text", lambda parent: Path(os.fsdecode(os.fsencode(parent) + b"/\xff")))
special("file of the system that can't be read", lambda _: Path("/proc/self/mem"))
special("folder of the system", lambda _: Path("/proc/self"))
special("a terabyte of holes", lambda parent: _made(parent / "holes.json", _holes))
