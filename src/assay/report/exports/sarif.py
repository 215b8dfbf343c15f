"""SARIF 2.1.0: the findings where code scanning shows them, beside the line."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from assay.record.diagnosis.findings import Finding, Findings, Location
from assay.record.diagnosis.words import gain_text, place_text
from assay.record.words.escape import plain
from assay.record.words.numbers import significant
from assay.report.export import Export, Material

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "SRCROOT"


def render(material: Material) -> bytes:
    """Causes are warnings; where work is done, and what makes the measurement doubtful, are notes."""
    found = material.diagnosis()
    cwd = material.run.plan.target.cwd
    results = [
        *(_result(finding, "warning", cwd) for finding in found.findings),
        *(_result(finding, "note", cwd) for finding in (*found.notes, *found.trust)),
    ]
    driver = {"name": "Assay", "version": material.run.software.assay, "rules": _rules(found)}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"assay/{found.run}"},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    if cwd:
        run["originalUriBaseIds"] = {_ROOT: {"uri": f"file://{quote(cwd.rstrip('/'))}/"}}
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1).encode() + b"\n"


def _rules(found: Findings) -> list[dict[str, Any]]:
    every = {finding.pattern: finding for finding in (*found.findings, *found.notes, *found.trust)}
    return [
        {
            "id": name,
            "shortDescription": {"text": plain(finding.title)},
            "fullDescription": {"text": plain(finding.interpretation)},
            "help": {"text": "\n".join(plain(text) for text in finding.suggestions)},
            "properties": {"tags": ["performance", finding.family]},
        }
        for name, finding in sorted(every.items())
    ]


def _result(finding: Finding, level: str, cwd: str | None) -> dict[str, Any]:
    words = [finding.title, finding.observation, *([gain_text(finding.gain)] if finding.gain else [])]
    text = " ".join(f"{word.rstrip('.')}." for word in [*words, f"Try: {finding.suggestions[0]}"])
    return {
        "ruleId": finding.pattern,
        "level": level,
        "message": {"text": plain(text)},
        "locations": [_location(finding.location, cwd)],
        "partialFingerprints": {"assayFinding/v1": finding.id},
        "rank": round(100.0 * finding.confidence, 1),
        "properties": {"confidence": significant(finding.confidence), "uncertainty": plain(finding.uncertainty)},
    }


def _location(place: Location, cwd: str | None) -> dict[str, Any]:
    logical = {"logicalLocations": [{"fullyQualifiedName": plain(place_text(place))}]}
    if place.file is None:
        return logical
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.file, cwd)}
    if place.line:
        physical["region"] = {"startLine": place.line}
    return {"physicalLocation": physical, **logical}


def _artifact(file: str, cwd: str | None) -> dict[str, str]:
    """Relative to where the program ran, if it lies there: that is how a repository knows it."""
    path = PurePosixPath(file)
    if cwd and path.is_absolute() and path.is_relative_to(cwd):
        return {"uri": _quoted(str(path.relative_to(cwd))), "uriBaseId": _ROOT}
    return {"uri": f"file://{_quoted(file)}"} if path.is_absolute() else {"uri": _quoted(file)}


def _quoted(path: str) -> str:
    return quote(path.encode("utf-8", "backslashreplace"))


PLUGIN = Export(name="sarif", suffixes=(".sarif", ".sarif.json"), reader="code scanning, IDEs", render=render)
