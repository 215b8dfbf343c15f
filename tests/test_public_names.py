"""The public surface: a list that changes only on purpose, and the same numbers as the command line."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

import assay
from tests.stores import fill

PUBLIC = {
    "assay": [
        "AssayError",
        "Draft",
        "PlanError",
        "PluginError",
        "RecordError",
        "Run",
        "RunNotFoundError",
        "RunRow",
        "Settings",
        "SettingsError",
        "Store",
        "StoreError",
        "StoredRun",
        "UsageError",
        "__version__",
        "bench",
        "decode_run",
        "encode_run",
        "limit",
        "load_settings",
        "open_store",
    ],
}


def test_the_public_names_are_these() -> None:
    for module, names in PUBLIC.items():
        assert importlib.import_module(module).__all__ == names


@pytest.mark.parametrize("name", assay.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(assay, name)
    assert value is getattr(assay, name)
    if name != "__version__":
        assert value.__doc__
        assert value.__module__.startswith("assay.")


def test_the_package_lists_its_names_and_no_others() -> None:
    assert dir(assay) == sorted(assay.__all__)
    with pytest.raises(AttributeError, match="open_stroe"):
        assay.open_stroe  # noqa: B018


def test_the_package_is_typed() -> None:
    assert (Path(assay.__file__).parent / "py.typed").is_file()


def test_the_version_is_the_one_that_is_built() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert assay.__version__ == project.get("version", assay.__version__)


def asked(store: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "assay", *words, "--json", "--store", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_python_and_the_command_line_give_the_same_runs_and_numbers(tmp_path: Path) -> None:
    ids = fill(tmp_path, count=3)
    store = assay.open_store(tmp_path)
    store.tag(ids[0], "base")
    listed = asked(tmp_path, "runs", "list", "--status", "complete")
    rows = store.runs(status="complete")
    assert [row.id for row in rows] == list(reversed(ids))
    assert listed["store"] == str(tmp_path)
    assert listed["runs"] == [json.loads(_as_json(row)) for row in rows]
    shown = asked(tmp_path, "runs", "show", "base")
    run = store.get("base")
    assert shown == json.loads(assay.encode_run(run.record))
    numbers = [(name, quantity.value) for name, quantity in run.metrics.items()]
    assert sorted(numbers) == sorted(_numbers_of_whole_run(shown))


def _as_json(row: object) -> bytes:
    return msgspec.json.encode(row)


def _numbers_of_whole_run(document: dict[str, Any]) -> list[tuple[str, float | None]]:
    return [(item["name"], item["value"]["value"]) for item in document["metrics"] if item["device"] is None]


def test_spans_are_an_arrow_table(tmp_path: Path) -> None:
    (run_id,) = fill(tmp_path, count=1, spans=10)
    table = assay.open_store(tmp_path).get(run_id).spans(columns=["step", "wall_ns"])
    assert table.num_rows == 10
    assert table.column_names == ["step", "wall_ns"]
