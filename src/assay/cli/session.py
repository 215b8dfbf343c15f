"""What every command is handed: the settings that hold, the console, and the store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assay.cli.terminal.console import Console, is_terminal, make_console
from assay.cli.terminal.progress import Progress, progress_mode
from assay.settings import Settings, Value, load_settings

if TYPE_CHECKING:
    from assay.store import Store


@dataclass(frozen=True)
class Session:
    """One call of the program."""

    settings: Settings
    console: Console

    @cached_property
    def store(self) -> Store:
        """The store that the settings name; only commands that ask for it load what reads it."""
        from assay.store import open_store

        return open_store(self.settings.store)

    def progress(self, what: str) -> Progress:
        """A progress line for something that may take long."""
        on_terminal = is_terminal(self.console.err)
        mode = progress_mode(self.settings.progress, self.settings.verbosity, os.environ, on_terminal=on_terminal)
        return Progress(what, self.console.err, mode)


def open_session(flags: Mapping[str, Value | None]) -> Session:
    """The session that these flags ask for."""
    settings = load_settings(flags)
    return Session(settings, make_console(settings.color, settings.verbosity))
