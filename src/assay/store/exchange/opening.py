"""Opening what a user names, without following a link or waiting at a pipe, and telling what it is by its bytes."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from assay.store.exchange.report import refusal

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NAME_IT = "name a run's folder, its run.json, or an exported archive"


class Form(StrEnum):
    """What a path holds."""

    FOLDER = "folder"
    RECORD = "record"
    TAR = "tar"
    TAR_GZ = "tar.gz"
    TAR_ZST = "tar.zst"
    PARQUET = "parquet"


_MAGIC = {b"\x1f\x8b": Form.TAR_GZ, b"\x28\xb5\x2f\xfd": Form.TAR_ZST, b"PAR1": Form.PARQUET}
_TAR_MAGIC_AT = 257


class Source:
    """An open file or folder of a stranger."""

    def __init__(self, descriptor: int, where: str) -> None:
        self.descriptor = descriptor
        self.where = where
        self.size_bytes = os.fstat(descriptor).st_size
        self.form = self._form()

    def read(self, limit: int) -> bytes:
        """At most ``limit`` bytes from the start; none where reading would have to wait, as in some files of /proc."""
        try:
            with os.fdopen(os.dup(self.descriptor), "rb") as file:
                file.seek(0)
                return file.read(limit) or b""
        except OSError as error:
            raise refusal(self.where, reason_of(error), _NAME_IT) from error

    def _form(self) -> Form:
        mode = os.fstat(self.descriptor).st_mode
        if stat.S_ISDIR(mode):
            return Form.FOLDER
        if not stat.S_ISREG(mode):
            raise refusal(self.where, "neither a file nor a folder", _NAME_IT)
        head = self.read(_TAR_MAGIC_AT + 5)
        for magic, form in _MAGIC.items():
            if head.startswith(magic):
                return form
        return Form.TAR if head[_TAR_MAGIC_AT:] == b"ustar" else Form.RECORD


@contextmanager
def open_source(path: Path, remedy: str = _NAME_IT) -> Iterator[Source]:
    """The file or folder at ``path``; ``remedy`` says what should have been named."""
    where = os.fspath(path)
    try:
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise refusal(where, f"{kind_of(mode)}, which is not opened", remedy)
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise refusal(where, reason_of(error), remedy) from error
    try:
        yield Source(descriptor, where)
    finally:
        os.close(descriptor)


def kind_of(mode: int) -> str:
    """What a path is that is neither a file nor a folder."""
    names = {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return names.get(stat.S_IFMT(mode), "a device")


def reason_of(error: OSError | ValueError) -> str:
    """Why something can't be opened or read."""
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "a link, which is not followed"
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a path"
