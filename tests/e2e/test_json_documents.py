"""Every command that prints data prints one document of a published schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import load, run
from assay.cli.start import tree
from assay.record.documents import DOCUMENTS, document_schema
from assay.record.schema import published_schema
from tests.stores import fill

CALLS: dict[str, list[str]] = {
    "analyze": ["@latest"],
    "campaign plan": ["sizes.yaml"],
    "campaign report": ["sizes.yaml"],
    "campaign resume": ["sizes.yaml"],
    "campaign run": ["sizes.yaml"],
    "campaign status": ["sizes.yaml"],
    "campaign stop": ["sizes.yaml"],
    "compare": ["@-2", "@latest"],
    "completion": ["bash"],
    "config get": ["store"],
    "config path": [],
    "config set": ["color", "never"],
    "config show": [],
    "demo": ["--blocks", "1"],
    "doctor": [],
    "expect": ["layer=3", "step=FFN", "-2%"],
    "explain": ["@latest", "--why-not", "sleep_poll"],
    "history": ["wall"],
    "infer": ["model.onnx"],
    "measure": ["--cycles", "1", "--repetitions", "1", "--baseline", "0", "--energy", "hwmon", "--", "true"],
    "metrics": [],
    "params": ["llama_cpp"],
    "patterns lint": [],
    "patterns list": [],
    "patterns show": ["sleep_poll"],
    "patterns test": [],
    "profile": ["--", "true"],
    "report": ["@latest"],
    "runs diff": ["@latest", "@-2"],
    "runs export": ["@latest", "-o", "run.tar.gz"],
    "runs import": ["other.tar.gz"],
    "runs list": [],
    "runs migrate": ["old.json", "-o", "migrated"],
    "runs reindex": [],
    "runs remove": ["@latest", "--yes"],
    "runs salvage": [],
    "runs show": ["@latest"],
    "runs tag": ["@latest", "name"],
    "runs untag": ["base"],
    "runs validate": ["@latest"],
    "schema": [],
    "trace": ["t.jsonl"],
    "verify": ["@latest", "sleep_poll", "--", "true"],
    "vgpu bench": [],
    "vgpu info": [],
    "vgpu tune": [],
}
"""Words behind each command."""
OWN_SUITES = {
    "campaign plan",
    "campaign report",
    "campaign resume",
    "campaign run",
    "campaign status",
    "campaign stop",
    "compare",
    "demo",
    "infer",
    "profile",
    "report",
    "runs migrate",
    "trace",
    "verify",
    "vgpu bench",
    "vgpu info",
    "vgpu tune",
}
"""Commands whose documents are checked where they are tested, since they need more than a filled store."""


def has_json(name: str) -> bool:
    command = load(name)
    assert isinstance(command, click.Command)
    return any("--json" in parameter.opts for parameter in command.params)


def schema_for(document: dict[str, Any]) -> dict[str, Any]:
    return document_schema(document["document"]) if "document" in document else published_schema()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with two runs, one of them tagged, and an exported run of another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("ASSAY_STORE", str(tmp_path / "store"))
    fill(tmp_path / "store", count=2)
    fill(tmp_path / "other")
    assert run(["runs", "tag", "@-2", "base", "-q"]) == 0
    assert run(["--store", "other", "runs", "export", "@latest", "-o", "other.tar.gz"]) == 0
    return tmp_path / "store"


def test_every_command_has_json_and_is_called_here() -> None:
    leaves = [entry.name for entry in tree.ENTRIES if entry.target]
    assert [name for name in leaves if not has_json(name)] == []
    assert set(leaves) == set(CALLS)


@pytest.mark.parametrize("name", sorted(set(CALLS) - OWN_SUITES))
@pytest.mark.usefixtures("store")
def test_its_document_is_valid(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run([*name.split(), "--json", *CALLS[name]]) in (0, 1)
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema_for(document)).validate(document)


@pytest.mark.parametrize("kind", ["spans", "samples", "histograms"])
def test_the_columns_of_a_series_are_a_document_too(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["schema", kind, "--json"])
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("schema.series")).validate(document)
    assert document["columns"]


@pytest.mark.parametrize("name", ["run", *DOCUMENTS])
def test_schema_prints_a_valid_schema_that_refuses_what_it_does_not_know(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["schema", name]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    assert not Draft202012Validator(schema).is_valid({})
    structures = [part for part in schema["$defs"].values() if part.get("type") == "object"]
    assert all(part["additionalProperties"] is False for part in structures)


def test_a_document_without_its_name_is_refused() -> None:
    assert not Draft202012Validator(document_schema("metrics")).is_valid({"version": 1, "metrics": []})
    assert not Draft202012Validator(document_schema("metrics")).is_valid({"document": "metrics", "metrics": []})
    assert Draft202012Validator(document_schema("metrics")).is_valid(
        {"document": "metrics", "version": 1, "metrics": []}
    )
