"""The few things a distant store is asked to do, and its failures as one line each."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec

from assay.errors import StoreError

_AT_ONCE = 128
"""Objects asked for in one go."""
_ERRORS_OF = (("botocore.exceptions", "BotoCoreError"), ("aiohttp", "ClientError"))
"""What libraries below fsspec raise that is no ``OSError``."""


class Place:
    """Objects under a URL."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        try:
            self._files, self._root = fsspec.core.url_to_fs(self.url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            protocol = self.url.partition("://")[0]
            remedy = "install what it needs, for S3 `pip install 'assay[s3]'`"
            raise StoreError(f"stores at {protocol}:// can't be opened: {error}", where=url, remedy=remedy) from error
        except OSError as error:  # some filesystems connect at once, FTP for one
            remedy = "check the URL, the credentials and the network"
            raise StoreError(f"cannot connect: {error}", where=url, remedy=remedy) from error

    def names(self, folder: str) -> set[str]:
        """Last part of the name of everything directly in a folder."""
        try:
            with self._reaching("list", FileNotFoundError):
                self._files.invalidate_cache()
                found = self._files.ls(self._path(folder), detail=False)
        except FileNotFoundError:
            return set()
        return {path.rstrip("/").rpartition("/")[2] for path in found}

    def read(self, name: str) -> bytes:
        """Content of an object; ``FileNotFoundError`` where there is none."""
        with self._reaching("read", FileNotFoundError):
            data: bytes = self._files.cat_file(self._path(name))
        return data

    def read_many(self, names: Sequence[str]) -> Iterator[bytes | OSError]:
        """Content of many objects, or the reason there is none, in order."""
        for start in range(0, len(names), _AT_ONCE):
            paths = [self._path(name) for name in names[start : start + _AT_ONCE]]
            with self._reaching("read"):
                found = self._files.cat(paths, on_error="return")
            yield from (_as_answer(found.get(path)) for path in paths)

    def write(self, name: str, data: bytes) -> None:
        """Give an object its content, whatever it held."""
        with self._reaching("write"):
            self._files.pipe_file(self._path(name), data)

    def create(self, name: str, data: bytes) -> None:
        """Create an object that must not be there; ``FileExistsError`` where another one is.

        Finding the very same content is success: an answer that got lost made somebody ask twice.
        """
        with self._reaching("commit", FileExistsError):
            try:
                self._files.pipe_file(self._path(name), data, mode="create")
            except OSError:
                self._files.invalidate_cache()
                if not self._files.exists(self._path(name)):
                    raise
                if self._files.cat_file(self._path(name)) != data:
                    raise FileExistsError(name) from None

    def upload(self, file: Path, name: str) -> None:
        """Copy a local file."""
        with self._reaching("upload"):
            self._files.put_file(str(file), self._path(name))

    def download(self, name: str, file: Path) -> None:
        """Copy an object to a local file."""
        with self._reaching("download"):
            self._files.get_file(self._path(name), str(file))

    def delete(self, name: str) -> None:
        """Remove an object, or everything under a folder; one that is gone already is no error."""
        with self._reaching("remove"):
            self._files.invalidate_cache()
            if self._files.exists(self._path(name)):
                self._files.rm(self._path(name), recursive=True)

    def digest(self) -> str:
        """A name for this place that can be part of a path."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:24]

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    @contextmanager
    def _reaching(self, doing: str, answer: type[OSError] | tuple[()] = ()) -> Iterator[None]:
        """Turn failures into one line; ``answer`` is an exception that tells something and is passed on."""
        try:
            yield
        except answer:
            raise
        except _failures() as error:
            remedy = "check the URL, the credentials and the network"
            reason = " ".join(str(error).split())[:200]
            raise StoreError(f"cannot {doing}: {reason}", where=self.url, remedy=remedy) from error


def _failures() -> tuple[type[Exception], ...]:
    """``OSError``, and what those libraries raise that the chosen filesystem has loaded."""
    loaded: list[Any] = [(sys.modules.get(module), name) for module, name in _ERRORS_OF]
    return (OSError, *(getattr(module, name) for module, name in loaded if module is not None))


def _as_answer(found: object) -> bytes | OSError:
    if isinstance(found, bytes):
        return found
    return found if isinstance(found, OSError) else OSError(str(found))
