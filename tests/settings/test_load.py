from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from assay.errors import SettingsError
from assay.settings import KEYS, Settings, Value, load_settings
from assay.settings.load import SeveralSettingsError


def load(
    folder: Path, variables: Mapping[str, str] | None = None, flags: Mapping[str, Value | None] | None = None
) -> Settings:
    home = folder / "home"
    return load_settings(flags, variables={"HOME": str(home), **(variables or {})}, cwd=folder / "project" / "inner")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_hold_where_nothing_is_said(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.color == "auto"
    assert settings.store == str(tmp_path / "home/.local/share/assay")
    assert {origin.kind for origin in settings.origins.values()} == {"default"}


def test_each_source_beats_the_next(tmp_path: Path) -> None:
    user = write(tmp_path, "home/.config/assay/config.toml", 'color = "never"\n')
    assert load(tmp_path).color == "never"
    assert load(tmp_path).origins["color"].place == f"{user}:1"
    project = write(tmp_path, "project/assay.toml", '# ours\ncolor = "always"\n')
    assert load(tmp_path).color == "always"
    assert load(tmp_path).origins["color"].place == f"{project}:2"
    assert load(tmp_path, {"ASSAY_COLOR": "auto"}).origins["color"].place == "ASSAY_COLOR"
    assert load(tmp_path, {"ASSAY_COLOR": "auto"}, {"color": "never"}).color == "never"
    assert load(tmp_path, {"ASSAY_COLOR": "auto"}, {"color": "never"}).origins["color"].kind == "flag"
    assert load(tmp_path, {"ASSAY_COLOR": "auto"}, {"color": None}).color == "auto"


def test_the_nearest_project_file_counts_alone(tmp_path: Path) -> None:
    write(tmp_path, "assay.toml", 'color = "never"\nverbosity = "quiet"\n')
    write(tmp_path, "project/pyproject.toml", '[project]\nname = "x"\n\n[tool.assay]\ncolor = "always"\n')
    settings = load(tmp_path)
    assert (settings.color, settings.verbosity) == ("always", "normal")
    assert settings.origins["color"].place.endswith("project/pyproject.toml:5")


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "assay.toml", 'color = "never"\n')
    write(tmp_path, "project/pyproject.toml", '[tool.other]\ncolor = "always"\n# [tool.assay]\n')
    assert load(tmp_path).color == "never"


def test_a_relative_store_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    write(tmp_path, "project/assay.toml", 'store = "runs"\n')
    assert load(tmp_path).store == str(tmp_path / "project/runs")


@pytest.mark.parametrize("text", ["s3://bucket/store", "/absolute/store"])
def test_a_url_or_an_absolute_path_stays_as_it_is(tmp_path: Path, text: str) -> None:
    write(tmp_path, "project/assay.toml", f'store = "{text}"\n')
    assert load(tmp_path).store == text


def test_a_tilde_is_the_home_of_the_caller(tmp_path: Path) -> None:
    assert load(tmp_path, {"ASSAY_STORE": "~/measured"}).store == str(tmp_path / "home/measured")


def test_xdg_folders_are_used(tmp_path: Path) -> None:
    write(tmp_path, "xdg/assay/config.toml", 'color = "never"\n')
    settings = load(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "XDG_DATA_HOME": "/data"})
    assert (settings.color, settings.store) == ("never", "/data/assay")


def test_a_relative_xdg_folder_is_ignored_as_its_standard_says(tmp_path: Path) -> None:
    assert load(tmp_path, {"XDG_DATA_HOME": "data"}).store == str(tmp_path / "home/.local/share/assay")


def test_all_errors_of_all_sources_are_reported_together(tmp_path: Path) -> None:
    project = write(tmp_path, "project/assay.toml", 'colour = "never"\nstore = 3\n\n[progress]\nbar = true\n')
    user = write(tmp_path, "home/.config/assay/config.toml", "color = \n")
    with pytest.raises(SeveralSettingsError) as caught:
        load(tmp_path, {"ASSAY_VERBOSITY": "loud", "ASSAY_STROE": "x"})
    lines = [str(error) for error in caught.value.errors]
    assert lines == [
        f"{user}:1: not valid TOML: Invalid value; mend this line",
        f"{project}:1: there is no setting 'colour'; did you mean 'color'?",
        f"{project}:2: 'store' is 3; give text",
        f"{project}:5: there is no setting 'progress.bar'; did you mean 'progress'?",
        "ASSAY_STROE: no such variable; did you mean 'ASSAY_STORE'?",
        "ASSAY_VERBOSITY: 'verbosity' is 'loud'; give one of: quiet, normal, verbose",
    ]


def test_one_error_is_raised_as_itself(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ASSAY_COLOR: 'color' is 'blue'") as caught:
        load(tmp_path, {"ASSAY_COLOR": "blue"})
    assert not isinstance(caught.value, SeveralSettingsError)


def test_variables_of_other_tools_and_of_the_build_are_left_alone(tmp_path: Path) -> None:
    variables = {"ASSAY_ISA": "avx2", "ASSAY_REQUIRE_NATIVE": "true", "ASSAY_OF_GOLD": "yes", "ASSAY_STORE": ""}
    assert load(tmp_path, variables) == load(tmp_path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("assay.toml", b"\xff\xfe"),
        ("assay.toml", b'color = "never"\n' + b"#" * (1 << 20)),
        ("pyproject.toml", b"[tool.assay\n"),
        ("pyproject.toml", b"[tool]\nassay = 3\n[tool.assay.x]\n"),
    ],
)
def test_a_file_that_can_t_be_read_is_named(tmp_path: Path, name: str, data: bytes) -> None:
    path = write(tmp_path, f"project/{name}", "")
    path.write_bytes(data)
    if name == "pyproject.toml" and b"[tool.assay]" not in data and b"[tool.assay." not in data:
        load(tmp_path)
        return
    with pytest.raises(SettingsError) as caught:
        load(tmp_path)
    assert caught.value.where.startswith(str(path))


def test_settings_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        load(tmp_path).color = "red"  # type: ignore[misc]


def test_every_declared_key_is_a_field_with_a_meaning(tmp_path: Path) -> None:
    settings = load(tmp_path)
    for key in KEYS:
        assert settings.get(key.name) is not None
        assert key.meaning
