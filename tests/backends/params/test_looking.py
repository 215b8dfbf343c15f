from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assay.backends.params.catalogue import load_catalogue, read_catalogue
from assay.backends.params.looking import Installed, look_at
from assay.errors import PluginError, UsageError
from tests.backends.params.makers import CATALOGUE, install


@pytest.fixture
def looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(install(tmp_path)), os.environ.get("PYTHONPATH", "")]))
    catalogue = read_catalogue(CATALOGUE, "mine.yaml")
    return look_at(catalogue, rules=catalogue.rules)


def rows(looked: Installed, surface: str) -> dict[str, str | None]:
    return {row.name: row.kind for row in looked.surfaces[surface]}


def test_every_way_of_looking_finds_names_and_kinds(looked: Installed) -> None:
    assert (looked.package, looked.version) == ("mine", "1.2")
    assert rows(looked, "Options") == {
        "size": "int >= 1",
        "mode": "one of slow, fast",
        "names": "list of text or null",
        "table": "mapping",
        "level": "one of a, b",
    }
    assert rows(looked, "load") == {"path": "text", "strict": "bool", "device": "text", "half": "bool"}
    assert rows(looked, "Plain") == {"count": "int", "share": "float", "on": "bool", "hook": None}
    assert rows(looked, "Settable") == {"depth": "int", "add_entry": None}
    assert rows(looked, "process") == {"mine.Mode": None}


def test_what_can_not_be_looked_at_is_said_and_harms_nothing_else(looked: Installed) -> None:
    assert list(looked.failed) == ["broken"]
    assert "Nothing" in looked.failed["broken"]


def test_examples_are_given_to_the_package_and_its_answers_kept(looked: Installed) -> None:
    answers = {one.id: (one.answer, one.said) for one in looked.replayed}
    assert answers["large"] == ("refuses", "ValueError: too large to be fast")
    assert answers["named"] == ("warns", "names are ignored")
    assert answers["i"] == ("refuses", "RuntimeError: no threads")
    assert "strict" not in answers


def test_a_package_that_is_not_installed_has_no_version_and_no_surfaces() -> None:
    looked = look_at(read_catalogue(CATALOGUE.replace("[another, mine]", "[another]"), "mine.yaml"))
    assert (looked.version, dict(looked.surfaces)) == (None, {})


def test_a_published_manifest_is_looked_at_where_the_package_can_not_be_installed(tmp_path: Path) -> None:
    lines = [
        {"path": "max_batch_size", "annotation": "Optional[int]", "allowed_values": []},
        {"path": "dtype", "annotation": "<class 'str'>", "allowed_values": ["auto", "float16"]},
        {
            "path": "kv_cache_config.avg_seq_len",
            "annotation": "Optional[Annotated[int, Gt(gt=0)]]",
            "allowed_values": [],
        },
        {"path": "pp_partition", "annotation": "Optional[List[int]]", "allowed_values": []},
    ]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"TorchLlmArgs": lines}))
    looked = look_at(load_catalogue("tensorrt_llm"), manifest=manifest)
    assert rows(looked, "TorchLlmArgs") == {
        "max_batch_size": "int or null",
        "dtype": "one of auto, float16",
        "kv_cache_config.avg_seq_len": "int > 0 or null",
        "pp_partition": "list",
    }


def test_an_interpreter_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    catalogue = load_catalogue("onnxruntime")
    with pytest.raises(UsageError, match="can't be started"):
        look_at(catalogue, str(tmp_path / "python"))
    with pytest.raises(PluginError, match="looking at the package failed"):
        look_at(catalogue, "/bin/false")
