from __future__ import annotations

import pytest

from assay.observe.collectors import pyspy


def test_it_is_chosen_only_by_name_since_it_writes_the_tables_of_another() -> None:
    assert not pyspy.PLUGIN.description.default


def test_without_py_spy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyspy, "spy_program", lambda: None)
    assert "pip install py-spy" in str(pyspy.PLUGIN.obstacle())
