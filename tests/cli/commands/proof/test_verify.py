from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from assay.cli.app import run
from assay.cli.commands.proof.verify import STATUSES
from assay.errors import UsageError
from assay.observe.environment.masking import MASK
from assay.record.documents import Verdict, document_schema
from tests.analyze.evidence.test_gather import stored
from tests.cli.commands import test_analyze

sleeper = test_analyze.sleeper


def test_every_verdict_has_a_status_of_its_own() -> None:
    assert set(STATUSES) == set(Verdict)
    assert sorted(STATUSES.values()) == [0, 1, 3]


def test_a_command_that_held_a_secret_is_not_run_without_it(sleeper: str) -> None:
    _with_command(sleeper, ["job", f"--password={MASK}"], Path.cwd())
    with pytest.raises(UsageError, match="holds a secret"):
        run(["verify", "@latest", "sleep_poll", "--store", sleeper, "--", sys.executable, "-c", "pass"])


def test_a_run_without_findings_has_nothing_to_verify(tmp_path: Path) -> None:
    stored(tmp_path, {})
    with pytest.raises(UsageError, match="no finding 'x'"):
        run(["verify", "@latest", "x", "--store", str(tmp_path / "store"), "--", "true"])


def test_both_commands_are_run_and_the_answer_is_kept(
    sleeper: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    _with_command(sleeper, [sys.executable, "-c", "pass"], tmp_path)
    words = ["verify", "@latest", "sleep_poll", "--blocks", "1", "--json", "--store", sleeper]
    assert run([*words, "--", sys.executable, "-c", "pass"]) == 3
    answer = json.loads(capsys.readouterr().out)
    Draft202012Validator(document_schema("verify")).validate(answer)
    assert (answer["verdict"], answer["before"]["runs"], answer["after"]["runs"]) == ("inconclusive", 1, 1)
    [kept] = Path(sleeper).glob("findings/*/verify-*.json")
    assert json.loads(kept.read_bytes()) == msgspec.json.decode(msgspec.json.encode(answer))


def _with_command(store: str, argv: list[str], cwd: Path) -> None:
    """The stored run as if it had been a run of that command."""
    record = next((Path(store) / "runs").glob("*/run.json"))
    document = json.loads(record.read_bytes())
    document["plan"]["target"] |= {"argv": argv, "cwd": str(cwd), "variables": []}
    record.write_bytes(json.dumps(document).encode())
