"""What every backend keeps to."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from assay.backends.asked import Asked
from assay.backends.backend import Backend
from assay.backends.choosing import ADAPTERS
from assay.errors import AssayError, PluginError

NAMES = ADAPTERS.names()


def loaded(name: str) -> Backend:
    try:
        plugin = ADAPTERS.load(name)
    except PluginError as error:
        pytest.skip(str(error))
    assert isinstance(plugin, Backend)
    return plugin


@pytest.mark.parametrize("name", NAMES)
def test_a_backend_is_called_like_its_file_and_says_what_it_runs(name: str) -> None:
    plugin = loaded(name)
    assert plugin.name == name
    assert plugin.title
    assert len(inspect.signature(plugin.open).parameters) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_model_that_is_none_is_refused_in_words(name: str, tmp_path: Path) -> None:
    plugin = loaded(name)
    bad = tmp_path / "model"
    bad.write_bytes(b"no model")
    with pytest.raises(AssayError) as caught:
        plugin.open(Asked(model=str(bad)))
    assert caught.value.remedy
