from __future__ import annotations

from pathlib import Path

import pytest

from assay.settings.sources import cache_folder, closest, flat, home_of, line_of, unknown_key, user_file

TEXT = '# color = 1\nstore = "x"\n\n[ tool . assay ]\n"color" = "never"\n\n[tool.other]\ncolor = 2\n'


@pytest.mark.parametrize(
    ("name", "file", "line"), [("store", "assay.toml", 2), ("color", "pyproject.toml", 5), ("nowhere", "assay.toml", 1)]
)
def test_the_line_of_a_key_is_found(name: str, file: str, line: int) -> None:
    assert line_of(TEXT, name, Path(file)) == line


def test_nested_tables_have_dotted_names() -> None:
    assert flat({"a": 1, "b": {"c": {"d": 2}}, "e": []}) == [("a", 1), ("b.c.d", 2), ("e", [])]


def test_a_suggestion_is_near_or_none() -> None:
    assert closest("stroe", ["store", "color"]) == "store"
    assert closest("zebra", ["store", "color"]) is None


def test_an_unknown_key_without_a_neighbour_lists_all() -> None:
    assert "keys are: store, color" in str(unknown_key("zebra"))


def test_the_user_s_file_follows_xdg_and_home() -> None:
    assert user_file({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}) == Path("/x/assay/config.toml")
    assert user_file({"HOME": "/h"}) == Path("/h/.config/assay/config.toml")


def test_the_cache_follows_xdg_and_home_too() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/x", "HOME": "/h"}) == Path("/x/assay")
    assert cache_folder({"XDG_CACHE_HOME": "relative", "HOME": "/h"}) == Path("/h/.cache/assay")


def test_without_home_the_user_s_entry_counts() -> None:
    home = home_of({})
    assert home is None or home.is_absolute()
