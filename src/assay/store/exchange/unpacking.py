"""An exported archive laid out in a folder of its own, so that it can be checked before anything of it is believed.

run.json comes first in an archive; its list of files bounds all that follows: a member that is not listed, is larger
than recorded, is a link or a device, or stands twice ends the reading. The bytes that come out of the decompressor
are bounded by those that went in, and so is what a header can cost: tarfile reads extended ones whole.
"""

from __future__ import annotations

import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self, cast

from assay.errors import RecordError
from assay.record.codec import RUN_BYTES_MAX, decode_run
from assay.record.run import RUN_FILE, Run, files_of
from assay.store.durable import write_all
from assay.store.exchange.child.caller import take_apart
from assay.store.exchange.opening import Form, Source
from assay.store.exchange.report import refusal
from assay.store.scratch import scratch_elsewhere

RATIO_MAX = 300
"""Most bytes out of one byte in, beyond the first ``FREE_BYTES``: zstd makes text some tens of times smaller."""
FREE_BYTES = 64 << 20

_ASK_AGAIN = "export the run again with `assay runs export`"
_CHUNK_BYTES = 1 << 20
_EXTENDED = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)
_EXTENDED_BYTES_MAX = 64 << 10
"""Largest header that says more about a member, such as a long name; ours are below 1 KiB."""
_SPARSE = "a file has holes"
_FOLDERS_MAX = 1_000
"""Most members that are folders; an export has none, archives made by hand have a few."""
_BROKEN = (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, zlib.error, MemoryError, RecursionError)


@contextmanager
def unpacked(source: Source) -> Iterator[Path]:
    """A folder with the archive's run, gone afterwards."""
    with scratch_elsewhere() as folder:
        if source.form is Form.PARQUET:
            take_apart(source, folder)
        else:
            _untar(source, folder)
        yield folder


def _untar(source: Source, folder: Path) -> None:
    with os.fdopen(os.dup(source.descriptor), "rb") as raw:
        raw.seek(0)
        try:
            with _Bounded(_decompressed(raw, source.form), raw, source.where) as stream:
                archive = tarfile.open(  # noqa: SIM115
                    fileobj=cast("IO[bytes]", stream), mode="r|", errors="strict", tarinfo=_Header
                )
                _take_members(archive, folder, source.where)
        except RecordError:
            raise
        except _BROKEN as error:
            raise refusal(source.where, f"not an archive that can be read: {error}", _ASK_AGAIN) from error


def _take_members(archive: tarfile.TarFile, folder: Path, where: str) -> None:
    expected: dict[str, int] | None = None
    for member in _without_folders(archive, where):
        if not member.isreg() or member.issparse():
            raise refusal(where, f"{member.name!r} is neither a file nor a folder", _ASK_AGAIN)
        name = member.name.partition("/")[2]
        content = archive.extractfile(member)
        if content is None:
            raise refusal(where, f"{member.name!r} has no content", _ASK_AGAIN)
        if expected is None:
            expected = _expected_files(_take_record(member, name, content.read, folder, where))
            continue
        size = expected.pop(member.name, None)
        if size is None or size != member.size:
            raise refusal(where, f"{member.name!r} is not a file of the record, or of another size", _ASK_AGAIN)
        _write(folder / name, content)
    if expected is None:
        raise refusal(where, "the archive is empty", _ASK_AGAIN)


def _without_folders(archive: tarfile.TarFile, where: str) -> Iterator[tarfile.TarInfo]:
    folders = 0
    for member in archive:
        if not member.isdir():
            yield member
        elif (folders := folders + 1) > _FOLDERS_MAX:
            raise refusal(where, f"the archive has more than {_FOLDERS_MAX} folders", _ASK_AGAIN)


def _take_record(member: tarfile.TarInfo, name: str, read: Any, folder: Path, where: str) -> Run:
    if name != RUN_FILE or member.size > RUN_BYTES_MAX:
        raise refusal(where, f"the archive does not begin with <id>/{RUN_FILE}", _ASK_AGAIN)
    data = read()
    run = decode_run(data, where=f"{where}/{RUN_FILE}")
    if member.name != f"{run.id}/{RUN_FILE}":
        raise refusal(where, f"the folder in the archive is not named {run.id}", _ASK_AGAIN)
    (folder / RUN_FILE).write_bytes(data)
    return run


def _expected_files(run: Run) -> dict[str, int]:
    return {f"{run.id}/{item.file}": item.size_bytes for item in files_of(run)}


def _write(path: Path, content: IO[bytes]) -> None:
    """``path`` was checked with the record: it is relative and lies below a folder that is ours alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        while chunk := content.read(_CHUNK_BYTES):
            write_all(descriptor, chunk)
    finally:
        os.close(descriptor)


def _decompressed(raw: IO[bytes], form: Form) -> IO[bytes]:
    if form is Form.TAR:
        return raw
    if form is Form.TAR_GZ:
        import gzip

        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw, mode="rb"))
    import pyarrow as pa

    return cast("IO[bytes]", pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"))


class _Header(tarfile.TarInfo):
    """A member's header, refused before anything is read on its word."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The header in one block."""
        header = super().frombuf(buf, encoding, errors)
        if header.type in _EXTENDED and header.size > _EXTENDED_BYTES_MAX:
            raise tarfile.ReadError(f"an extended header claims {header.size} bytes")
        if header.type == tarfile.GNUTYPE_SPARSE:
            raise tarfile.ReadError(_SPARSE)
        return header

    def _proc_gnusparse_10(self, *_: object) -> None:
        """Refuse what tarfile would search through for its holes, in quadratic time."""
        raise tarfile.ReadError(_SPARSE)


class _Bounded:
    """A stream that refuses to give more than its source is worth."""

    def __init__(self, stream: IO[bytes], raw: IO[bytes], where: str) -> None:
        self._stream = stream
        self._raw = raw
        self._where = where
        self._given = 0

    def __enter__(self) -> _Bounded:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not self._raw:
            self._stream.close()

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        data = self._stream.read(size)
        self._given += len(data)
        if self._given > FREE_BYTES + RATIO_MAX * self._raw.tell():
            raise refusal(self._where, f"it unpacks to more than {RATIO_MAX} times its size", _ASK_AGAIN)
        return data
