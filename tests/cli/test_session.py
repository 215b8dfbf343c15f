from __future__ import annotations

from pathlib import Path

from assay.cli.session import open_session


def test_flags_are_the_strongest_settings(tmp_path: Path) -> None:
    session = open_session({"store": str(tmp_path), "verbosity": "quiet"})
    assert session.settings.store == str(tmp_path)
    assert session.console.verbosity == "quiet"
    assert session.store.location == str(tmp_path)
    assert session.store is session.store


def test_a_quiet_session_shows_no_progress() -> None:
    with open_session({"verbosity": "quiet"}).progress("work") as progress:
        progress.update(1, 2)
    assert progress.mode == "never"
