"""Claims that are written down before the runs that are to show them: every later run carries those that are open."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from assay.errors import RecordError, StoreError
from assay.record.base import Instant, Record, Text
from assay.record.run import Expectation, expect, is_intact
from assay.store.durable import make_folder, read_inside, replace_file, storage

_SUFFIX = ".json"
_MAX_BYTES = 1 << 18
_FEWEST_DIGITS = 4


class Noted(Record, kw_only=True):
    """A claim in the store's list."""

    expectation: Expectation
    """The claim with its time and hash."""
    session: Text = ""
    """The only sitting whose runs carry it; empty for every run."""
    withdrawn_utc_ns: Instant | None = None
    """Since when no further run carries it; null while it is open."""


class Expectations:
    """One small file per claim. A claim is never changed or deleted: it is withdrawn, and later runs lack it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def state(self, claim: str, session: str = "") -> Expectation:
        """Write a claim down, as of now."""
        stated = expect(claim, time.time_ns())
        self._write(Noted(expectation=stated, session=session))
        return stated

    def all(self) -> tuple[Noted, ...]:
        """Every claim that was ever written down and is as it was, oldest first."""
        return tuple(sorted(self._read(), key=lambda one: (one.expectation.stated_utc_ns, one.expectation.sha256)))

    def open(self, session: str | None) -> tuple[Expectation, ...]:
        """Claims that a run of that sitting carries."""
        return tuple(
            one.expectation for one in self.all() if one.withdrawn_utc_ns is None and one.session in ("", session or "")
        )

    def withdraw(self, beginning: str) -> Noted:
        """Let later runs lack the claim whose hash begins so."""
        found = [one for one in self.all() if one.expectation.sha256.startswith(beginning)]
        if len(found) != 1 or len(beginning) < _FEWEST_DIGITS:
            what = f"{len(found)} expectations begin with {beginning!r}" if found else f"no expectation {beginning!r}"
            raise StoreError(what, remedy="`assay expect` lists them with their hashes")
        if found[0].withdrawn_utc_ns is not None:
            return found[0]
        withdrawn = msgspec.structs.replace(found[0], withdrawn_utc_ns=time.time_ns())
        self._write(withdrawn)
        return withdrawn

    def _read(self) -> Iterator[Noted]:
        """Files that are no claims, or were changed, are passed over: they make nothing named before."""
        try:
            names = sorted(path.name for path in self._folder.iterdir() if path.suffix == _SUFFIX)
        except FileNotFoundError:
            return
        for name in names:
            try:
                noted = msgspec.json.decode(read_inside(self._folder, name, _MAX_BYTES), type=Noted)
            except (OSError, RecordError, msgspec.DecodeError):
                continue
            if is_intact(noted.expectation) and name == _file(noted):
                yield noted

    def _write(self, noted: Noted) -> None:
        with storage("write an expectation", self._folder):
            make_folder(self._folder)
            replace_file(self._folder / _file(noted), msgspec.json.encode(noted))


def _file(noted: Noted) -> str:
    return noted.expectation.sha256 + _SUFFIX
