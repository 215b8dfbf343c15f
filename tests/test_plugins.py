from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay import plugins
from assay.errors import PluginError, UsageError
from assay.plugins import Folder

LENSES = Folder("planted_room.lenses")


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of plug-ins: one that works, one whose library is missing, and a helper."""
    lenses = tmp_path / "planted_room" / "lenses"
    lenses.mkdir(parents=True)
    (tmp_path / "planted_room" / "__init__.py").write_text("")
    (lenses / "__init__.py").write_text("")
    (lenses / "wide.py").write_text("PLUGIN = 'wide lens'\nSECOND = 'second'\n")
    (lenses / "heavy.py").write_text("import a_library_that_nobody_has\n")
    (lenses / "_shared.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield lenses
    for name in [name for name in sys.modules if name.startswith("planted_room")]:
        del sys.modules[name]


def test_a_file_in_the_folder_is_a_plug_in_and_a_helper_is_none() -> None:
    assert LENSES.names() == ["heavy", "wide"]


def test_listing_imports_no_plug_in() -> None:
    LENSES.names()
    assert [name for name in sys.modules if name.startswith("planted_room.lenses.")] == []


def test_a_plug_in_is_loaded_by_its_name() -> None:
    assert LENSES.load("wide") == "wide lens"
    assert Folder("planted_room.lenses", "SECOND").load("wide") == "second"


def test_adding_a_file_adds_a_plug_in(room: Path) -> None:
    (room / "macro.py").write_text("PLUGIN = 'macro lens'\n")
    assert LENSES.names() == ["heavy", "macro", "wide"]
    assert LENSES.load("macro") == "macro lens"


def test_a_name_that_is_almost_right_is_suggested() -> None:
    with pytest.raises(UsageError, match=r"there is no lense 'wise'; did you mean 'wide'\?"):
        LENSES.load("wise")


def test_a_name_that_is_like_nothing_gets_the_list() -> None:
    with pytest.raises(UsageError, match="choose one of: heavy, wide"):
        LENSES.load("xyz")


def test_a_missing_library_is_an_error_with_a_remedy() -> None:
    with pytest.raises(PluginError, match="a_library_that_nobody_has") as caught:
        LENSES.load("heavy")
    assert "assay doctor" in caught.value.remedy


def test_all_plug_ins_are_loaded_by_name(room: Path) -> None:
    (room / "heavy.py").unlink()
    assert LENSES.load_all() == {"wide": "wide lens"}


def test_a_stranger_s_package_adds_a_plug_in(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger-1.0.dist-info"
    stranger.mkdir()
    (stranger / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (stranger / "entry_points.txt").write_text("[planted_room.lenses]\ntele = stranger_lens:TELE\n")
    (tmp_path / "stranger_lens.py").write_text("TELE = 'tele lens'\n")
    plugins._entry_points.cache_clear()
    try:
        assert LENSES.names() == ["heavy", "tele", "wide"]
        assert LENSES.load("tele") == "tele lens"
    finally:
        plugins._entry_points.cache_clear()
        sys.modules.pop("stranger_lens", None)
