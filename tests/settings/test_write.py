from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from assay.errors import SettingsError
from assay.settings import BY_NAME
from assay.settings.write import with_setting, write_setting

COLOR = BY_NAME["color"]


def test_a_missing_file_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "config" / "assay" / "config.toml"
    write_setting(path, COLOR, "never")
    assert path.read_text() == 'color = "never"\n'
    assert [file.name for file in path.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('color = "auto"\n', 'color = "never"\n'),
        ('# mine\n  color="auto" # why\nstore = "x"\n', '# mine\ncolor = "never"\nstore = "x"\n'),
        ('store = "x"', 'store = "x"\ncolor = "never"\n'),
        ("[table]\ncolor = 1\n", 'color = "never"\n[table]\ncolor = 1\n'),
        ("a = 1\n\n[table]\nb = 2\n", 'a = 1\ncolor = "never"\n\n[table]\nb = 2\n'),
        ('colors = "x"\n', 'colors = "x"\ncolor = "never"\n'),
    ],
)
def test_only_the_key_s_line_changes(before: str, after: str) -> None:
    assert with_setting(before, "color", "never") == after


@pytest.mark.parametrize("value", ['a"b', "a\\b", "ü\x7f\x1b\n", "漢", True, 3])
def test_what_is_written_is_read_back(value: str | int | bool) -> None:
    assert tomllib.loads(with_setting("", "key", value)) == {"key": value}


def test_a_file_that_can_t_be_changed_by_lines_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('color = """\nauto"""\n')
    with pytest.raises(SettingsError, match="by hand"):
        write_setting(path, COLOR, "never")
    assert path.read_text() == 'color = """\nauto"""\n'
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("")
    (tmp_path / "config.toml").symlink_to(real)
    write_setting(tmp_path / "config.toml", COLOR, "never")
    assert (tmp_path / "config.toml").is_symlink()
    assert real.read_text() == 'color = "never"\n'


def test_a_folder_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"Not a directory|File exists"):
        write_setting(tmp_path / "file" / "config.toml", COLOR, "never")
