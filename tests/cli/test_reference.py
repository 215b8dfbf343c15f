from __future__ import annotations

from pathlib import Path

import click
import pytest

from assay.cli.command import FLAGS
from assay.cli.reference import REFERENCE
from assay.store import open_store
from tests.stores import fill


def offered(store: Path, incomplete: str) -> list[str]:
    with click.Context(click.Command("x")) as context:
        context.meta[FLAGS] = {"store": str(store)}
        items = REFERENCE.shell_complete(context, click.Argument(["run"]), incomplete)
    return [item.value for item in items]


def test_tags_and_the_newest_ids_are_offered(tmp_path: Path) -> None:
    ids = fill(tmp_path, count=2)
    open_store(tmp_path).tag(ids[0], "base")
    assert offered(tmp_path, "") == ["@latest", ids[1], "base", ids[0]]
    assert offered(tmp_path, "ba") == ["base"]
    assert offered(tmp_path, "zzz") == []


def test_a_store_that_is_not_there_offers_nothing_and_is_not_made(tmp_path: Path) -> None:
    assert offered(tmp_path / "none", "0") == []
    assert not (tmp_path / "none").exists()


def test_wrong_settings_don_t_disturb_the_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_COLOR", "blue")
    assert offered(tmp_path, "") == []
