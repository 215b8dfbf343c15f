"""Files and folders made to hurt whoever reads them: each is a name and a function that makes it below a folder."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import tarfile
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.record.arrow import SAMPLES, SPANS
from assay.record.run import RUN_FILE
from assay.record.sample import SAMPLE_FOLDER
from assay.store.exchange import export
from assay.store.run import StoredRun
from tests.store.exchange.folders import SAMPLE, copy_of_sample, relist

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


def _turned(data: bytes, twelfth: int) -> bytes:
    place = 4 + (len(data) - 12) * twelfth // 12
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def _cut(data: bytes, quarters: int) -> bytes:
    return data[: len(data) * quarters // 4]


for at in range(12):
    _series(f"a byte turned at {at}/12", partial(_turned, GOOD, at))
for part in (1, 2, 3):
    _series(f"cut at {part}/4", partial(_cut, GOOD, part))


def _tar(*members: tuple[tarfile.TarInfo, bytes], first: bytes | None = RECORD) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for member, content in (*([_member(RUN_FILE, first)] if first is not None else []), *members):
            archive.addfile(member, io.BytesIO(content))
    return sink.getvalue()


def _member(
    name: str, content: bytes = b"", folder: str = SAMPLE.id + "/", **facts: Any
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(folder + name)
    info.size = len(content)
    for key, value in facts.items():
        setattr(info, key, value)
    return info, content


def _whole() -> list[tuple[tarfile.TarInfo, bytes]]:
    return [_member(name, (SAMPLE_FOLDER / name).read_bytes()) for name in (ARTIFACT, SERIES)]


def _exported(suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return export(StoredRun(SAMPLE_FOLDER), Path(folder) / f"run{suffix}").read_bytes()


def _turned_export(sixth: int) -> bytes:
    return _turned(_exported(".parquet"), 2 * sixth)


def _bomb() -> bytes:
    """An archive of one file of zeros that its own record announces."""
    document = json.loads(RECORD)
    document["artifacts"][0]["size_bytes"] = 400 << 20
    return _tar(_member(ARTIFACT, bytes(400 << 20)), first=json.dumps(document).encode())


def _extended(*sizes: int) -> bytes:
    """An archive that begins with extended headers of these sizes."""
    header = tarfile.TarInfo("header")
    header.type = tarfile.XHDTYPE
    sink = io.BytesIO()
    for size in sizes:
        header.size = size
        sink.write(header.tobuf(tarfile.USTAR_FORMAT) + (b"6 a=b\n" * size)[:size] + bytes(-size % 512))
    return sink.getvalue() + _tar(*_whole())


def _holes_without_end() -> bytes:
    headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9"}
    return _tar(_member(ARTIFACT, bytes(60 << 20), pax_headers=headers))


file_case("archive with a header of millions of lines", lambda: gzip.compress(_extended(30 << 20), 1))
file_case("archive with headers upon headers", lambda: gzip.compress(_extended(*[6] * 2000), 1))
file_case("archive with holes to be searched for", lambda: gzip.compress(_holes_without_end(), 1))
file_case("archive of folders without end", lambda: _tar(*_whole(), *[_member("raw", type=tarfile.DIRTYPE)] * 2000))
file_case(
    "archive with a file in another folder",
    lambda: _tar(*[_member(ARTIFACT, (SAMPLE_FOLDER / ARTIFACT).read_bytes(), folder="other/"), *_whole()[1:]]),
)
file_case("archive that leaves its folder", lambda: _tar(_member("../../../canary", b"x")))
file_case("archive with an absolute path", lambda: _tar(_member("/tmp/assay-canary", b"x", folder="")))
file_case("archive with a link", lambda: _tar(_member(ARTIFACT, type=tarfile.SYMTYPE, linkname="/etc/passwd")))
file_case("archive with a hard link", lambda: _tar(_member(ARTIFACT, type=tarfile.LNKTYPE, linkname="/etc/passwd")))
file_case(
    "archive with a link and a file behind it",
    lambda: _tar(_member("raw", type=tarfile.SYMTYPE, linkname="/tmp"), _member("raw/assay-canary", b"x")),
)
file_case("archive with a device", lambda: _tar(_member(ARTIFACT, type=tarfile.CHRTYPE, devmajor=1, devminor=5)))
file_case("archive with a pipe", lambda: _tar(_member(ARTIFACT, type=tarfile.FIFOTYPE)))
file_case("archive with a sparse file", lambda: _tar(_member(ARTIFACT, type=tarfile.GNUTYPE_SPARSE)))
file_case("archive with a file twice", lambda: _tar(*_whole(), *_whole()))
file_case("archive with a record twice", lambda: _tar(_member(RUN_FILE, RECORD), *_whole()))
file_case("archive with a file that is not listed", lambda: _tar(*_whole(), _member("more", b"x")))
file_case("archive without a file that is listed", _tar)
file_case("archive with a file of another size", lambda: _tar(_member(ARTIFACT, b"longer than recorded" * 9)))
file_case("archive with another folder", lambda: _tar(_member(RUN_FILE, RECORD, folder="other/"), first=None))
file_case("archive whose record comes last", lambda: _tar(*_whole(), _member(RUN_FILE, RECORD), first=None))
file_case("archive without a record", lambda: _tar(*_whole(), first=None))
file_case("archive of nothing", lambda: _tar(first=None))
file_case("archive with a broken record", lambda: _tar(first=b"{"))
file_case("archive with a name that is not text", lambda: _tar(_member("a\udcff", b"x")))
file_case("archive with a name of a new line", lambda: _tar(_member("a\nb\x1b[2J", b"x")))
file_case("archive with a very long name", lambda: _tar(_member("n" * 5000, b"x")))
file_case("archive cut short", lambda: _tar(*_whole())[:20000])
file_case("archive with a broken checksum", lambda: _tar(*_whole()).replace(b"ustar", b"ustaX", 3))
file_case("archive gz bomb", lambda: gzip.compress(_bomb(), 1))
file_case("archive zst bomb", lambda: pa.compress(_bomb(), codec="zstd", asbytes=True))
file_case("archive gz cut short", lambda: _exported(".tar.gz")[:3000])
file_case("archive gz with a byte turned", lambda: _turned(_exported(".tar.gz"), 6))
file_case("archive gz of text", lambda: gzip.compress(b"hello"))
file_case("archive gz of nothing", lambda: gzip.compress(b""))
file_case("archive gz of noise", lambda: b"\x1f\x8b" + bytes(range(256)) * 9)
file_case("archive gz in gz", lambda: gzip.compress(_exported(".tar.gz")))
file_case("archive zst cut short", lambda: _exported(".tar.zst")[:3000])
file_case("archive zst of noise", lambda: b"\x28\xb5\x2f\xfd" + bytes(range(256)) * 9)
file_case("archive zst with a byte turned", lambda: _turned(_exported(".tar.zst"), 5))
file_case("parquet of something else", lambda: parquet(pa.table({"a": [1]})))
file_case("parquet cut short", lambda: _exported(".parquet")[:9000])
file_case("parquet of noise", lambda: b"PAR1" + bytes(range(256)) * 99 + b"PAR1")
for at in range(6):
    file_case(f"parquet with a byte turned at {at}", partial(_turned_export, at))


def _nested(change: Callable[[dict[str, Any]], object], rows: int = 1) -> bytes:
    table = pq.read_table(io.BytesIO(_exported(".parquet")))
    row = table.to_pylist()[0]
    change(row)
    return parquet(pa.Table.from_pylist([row] * rows, schema=table.schema))


file_case("parquet of two runs", lambda: _nested(lambda _: None, rows=2))
file_case("parquet of no run", lambda: _nested(lambda _: None, rows=0))
file_case("parquet with a file that leaves", lambda: _nested(lambda row: row["files"][0].update(file="../canary")))
file_case(
    "parquet with a file too many", lambda: _nested(lambda row: row["files"].append({"file": "x", "content": b""}))
)
file_case("parquet without files", lambda: _nested(lambda row: row.update(files=[])))
file_case("parquet with other content", lambda: _nested(lambda row: row["files"][0].update(content=b"x")))
file_case(
    "parquet with an infinite number",
    lambda: _nested(lambda row: row["metrics"][0]["value"].update(value=float("inf"))),
)
file_case("parquet with a null id", lambda: _nested(lambda row: row.update(id=None)))
file_case("parquet with an unknown origin", lambda: _nested(lambda row: row["metrics"][0]["value"].update(origin="x")))
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
