"""Writing a run as one file: an archive, one Parquet file, or the record alone. The same run gives the same bytes."""

from __future__ import annotations

import errno
import gzip
import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from assay.errors import StoreError, UsageError
from assay.record.codec import encode_run
from assay.record.run import RUN_FILE, Run, files_of
from assay.store.durable import open_inside, storage, sync_folder
from assay.store.run import StoredRun

_MODE = 0o600
_GZIP_LEVEL = 6


def export(run: StoredRun, destination: str | os.PathLike[str]) -> Path:
    """Write the run to ``destination``, in the format of its suffix; a file that is there already is left alone."""
    target = Path(destination)
    write = _writer_for(target)
    if target.exists():
        raise _occupied(target)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with storage("export a run", target):
        try:
            write(run.record, run.folder, part)
            _place(part, target)
        finally:
            part.unlink(missing_ok=True)
    return target


def _place(part: Path, target: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    try:
        target.hardlink_to(part)
    except FileExistsError as error:
        raise _occupied(target) from error
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise
        part.rename(target)  # a filesystem without hard links: the name was free when the export began
    sync_folder(target.absolute().parent)


def _occupied(target: Path) -> StoreError:
    return StoreError("there is a file of this name already", where=str(target), remedy="choose another name")


def _writer_for(target: Path) -> Callable[[Run, Path, Path], None]:
    suffix = next((suffix for suffix in FORMATS if target.name.endswith(suffix) and target.name != suffix), None)
    if suffix is None:
        known = ", ".join(FORMATS)
        raise UsageError(f"{target.name!r} names no export format", remedy=f"end the name in one of: {known}")
    return FORMATS[suffix]


def _write_record(run: Run, _folder: Path, part: Path) -> None:
    part.write_bytes(encode_run(run))


def _write_parquet(run: Run, folder: Path, part: Path) -> None:
    from assay.store.exchange.nested.writing import write_nested

    write_nested(run, folder, part)


def _write_tar(run: Run, folder: Path, part: Path) -> None:
    with part.open("wb") as raw:
        _write_members(run, folder, raw)


def _write_tar_gz(run: Run, folder: Path, part: Path) -> None:
    with part.open("wb") as raw, gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0) as packed:
        _write_members(run, folder, cast("IO[bytes]", packed))


def _write_tar_zst(run: Run, folder: Path, part: Path) -> None:
    import pyarrow as pa

    with pa.OSFile(str(part), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as packed:
        _write_members(run, folder, cast("IO[bytes]", packed))


def _write_members(run: Run, folder: Path, stream: IO[bytes]) -> None:
    """run.json first: a reader knows by it what may follow."""
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        record = encode_run(run)
        archive.addfile(_member(run, RUN_FILE, len(record)), io.BytesIO(record))
        for item in sorted(files_of(run), key=lambda item: item.file):
            with os.fdopen(open_inside(folder, item.file), "rb") as content:
                archive.addfile(_member(run, item.file, item.size_bytes), content)


def _member(run: Run, file: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(f"{run.id}/{file}")
    member.size, member.mode, member.mtime = size, _MODE, int(run.created.timestamp())
    return member


FORMATS: dict[str, Callable[[Run, Path, Path], None]] = {
    ".tar": _write_tar,
    ".tar.gz": _write_tar_gz,
    ".tar.zst": _write_tar_zst,
    ".parquet": _write_parquet,
    ".json": _write_record,
}
"""What writes each format, by suffix."""
