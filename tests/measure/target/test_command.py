from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.errors import PlanError
from assay.measure.target.command import Command, plan_command
from assay.record.enums import Backend, TargetKind


def test_a_plan_holds_the_command_with_its_secrets_masked() -> None:
    command = Command(argv=("job", "--token", "abcdefgh12345678"), variables={"DB_PASSWORD": "open-sesame-1"})
    plan = plan_command(command, timeout_s=3.0)
    assert plan.target.kind is TargetKind.COMMAND
    assert plan.target.backend is Backend.COMMAND
    assert plan.target.argv[:2] == ("job", "--token")
    assert "abcdefgh12345678" not in repr(plan)
    assert "open-sesame-1" not in repr(plan)
    assert plan.timeout_s == 3.0
    assert list(plan.collectors) == sorted(plan.collectors)
    assert "null" not in plan.collectors


def test_a_name_is_looked_up_on_the_targets_own_path(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert Command(argv=("tool",), variables={"PATH": str(tmp_path)}).executable() == str(program)
    assert Command(argv=("./tool",), cwd=tmp_path).executable() == str(tmp_path / "./tool")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ((), "no command"),
        (("",), "no command"),
        (("no-such-program-anywhere",), "was not found"),
        (("./plain",), "can't be executed"),
        (("./folder",), "can't be executed"),
    ],
)
def test_what_can_not_be_started_is_refused_with_its_reason(
    tmp_path: Path, argv: tuple[str, ...], message: str
) -> None:
    (tmp_path / "plain").write_text("text")
    (tmp_path / "folder").mkdir()
    with pytest.raises(PlanError, match=message) as caught:
        Command(argv=argv, cwd=tmp_path).executable()
    assert caught.value.remedy


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="working folder") as caught:
        Command(argv=("true",), cwd=tmp_path / "gone").executable()
    assert caught.value.where == str(tmp_path / "gone")


def test_variables_are_added_to_the_inherited_ones() -> None:
    environment = Command(argv=("true",), variables={"PATH": "/x", "NEW": "1"}).environment()
    assert (environment["PATH"], environment["NEW"]) == ("/x", "1")
    assert environment.keys() >= os.environ.keys()
