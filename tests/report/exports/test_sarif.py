from __future__ import annotations

import json
from typing import Any

import msgspec

from assay.report.export import Material
from assay.report.exports.sarif import render
from tests.makers import make_plan, make_run
from tests.report.profiles import material
from tests.report.views import make_findings


def run_of(made: Material) -> dict[str, Any]:
    document = json.loads(render(made))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    found: dict[str, Any] = run
    return found


def test_causes_are_warnings_with_place_and_rule() -> None:
    run = run_of(material())
    first = run["results"][0]
    assert (first["ruleId"], first["level"]) == ("list_as_set", "warning")
    assert {result["level"] for result in run["results"][1:]} == {"note"}
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 12}
    assert {result["ruleId"] for result in run["results"]} == {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_files_below_the_working_folder_are_named_from_there() -> None:
    plan = make_plan()
    plan = msgspec.structs.replace(plan, target=msgspec.structs.replace(plan.target, cwd="/home/me"))
    run = run_of(Material(run=make_run(plan=plan), findings=make_findings("/home/me/a b.py"), profile=None))
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "a%20b.py", "uriBaseId": "SRCROOT"}
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == "file:///home/me/"


def test_other_files_are_named_in_full() -> None:
    run = run_of(material("/opt/x#y.py"))
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///opt/x%23y.py"}
