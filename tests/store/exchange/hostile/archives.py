"""Archives and exported tables made to hurt: their members, their headers, and what unpacks to more than it is."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.record.run import RUN_FILE
from assay.record.sample import SAMPLE_FOLDER
from assay.store.exchange import export
from assay.store.run import StoredRun
from tests.store.exchange.folders import SAMPLE
from tests.store.exchange.hostile.cases import ARTIFACT, HOSTILE, RECORD, SERIES, file_case, parquet, turned

__all__ = ["HOSTILE"]


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
    return turned(_exported(".parquet"), 2 * sixth)


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
file_case("archive gz with a byte turned", lambda: turned(_exported(".tar.gz"), 6))
file_case("archive gz of text", lambda: gzip.compress(b"hello"))
file_case("archive gz of nothing", lambda: gzip.compress(b""))
file_case("archive gz of noise", lambda: b"\x1f\x8b" + bytes(range(256)) * 9)
file_case("archive gz in gz", lambda: gzip.compress(_exported(".tar.gz")))
file_case("archive zst cut short", lambda: _exported(".tar.zst")[:3000])
file_case("archive zst of noise", lambda: b"\x28\xb5\x2f\xfd" + bytes(range(256)) * 9)
file_case("archive zst with a byte turned", lambda: turned(_exported(".tar.zst"), 5))
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
