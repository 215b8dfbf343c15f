"""The exception tree: every error a user can cause ends in what to do, and is caught once, in ``cli``."""

from __future__ import annotations


class AssayError(Exception):
    """Something a user can mend: what is wrong, where, and what to try.

    ``where`` is a file, optionally with a line or a JSON pointer; ``remedy`` is an instruction.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}; {self.remedy}" if self.remedy else head


class UsageError(AssayError):
    """The call's words are off: an option, an argument or a name that does not exist."""


class SettingsError(AssayError):
    """A configuration file or variable holds something that can't be used."""


class RecordError(AssayError):
    """A record is not valid: broken JSON, a field that is wrong, a file that does not match its hash."""


class StoreError(AssayError):
    """The store can't be read or written as asked."""


class RunNotFoundError(StoreError):
    """No run, or more than one, answers to the given name."""


class ModelError(AssayError):
    """A model's files are damaged, or hold something that the engine does not run."""


class PlanError(AssayError):
    """A measurement was asked for in a way that can't be carried out."""


class PluginError(AssayError):
    """A plug-in is missing, or its library can't be imported."""
