"""Where CMake finds the C++ API; `.ci/run cpp` builds a project with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.vgpu.__main__ import main


def test_the_folder_of_the_installed_package_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "assay-config.cmake").touch()
    assert main(["--cmake-dir"], tmp_path) == 0
    assert capsys.readouterr().out == f"{tmp_path}\n"


def test_a_package_without_the_library_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cmake-dir"], tmp_path) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"no C++ library in {tmp_path}" in captured.err
    assert "apt install g++" in captured.err


@pytest.mark.parametrize("arguments", [[], ["--cmake"], ["--cmake-dir", "more"]])
def test_anything_else_shows_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage: python -m assay.vgpu --cmake-dir" in capsys.readouterr().err
