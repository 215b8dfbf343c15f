"""Libraries for text: loaded where they are used, and kept from ending in anything but an error of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from assay.errors import ModelError, PluginError
from assay.plugins import Folder

Found = TypeVar("Found")
LIBRARIES = Folder("assay.engine.tokens.libraries")
TEXT_CHARACTERS = 64 << 20
"""A text longer than this is refused before it is looked at."""


def tokenizers() -> Any:
    """The library, or how to get it."""
    return load("tokenizing")


def load(name: str) -> Any:
    """A plug-in of the folder ``libraries``."""
    try:
        return LIBRARIES.load(name)
    except PluginError as error:
        raise PluginError(error.what, remedy="pip install 'assay[llm]'") from error


def guarded(call: Callable[[], Found], where: str, what: str) -> Found:
    """What the call gives; whatever the library raises, its panics too, is one sentence about the file."""
    try:
        return call()
    except Exception as error:
        raise _broken(error, where, what) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of pyo3, which no module exports
            raise
        raise _broken(error, where, what) from error


def _broken(error: BaseException, where: str, what: str) -> ModelError:
    reason = " ".join(str(error).split())[:300] or type(error).__name__
    return ModelError(f"{what}: {reason}", where=where, remedy="download or convert the model again")
