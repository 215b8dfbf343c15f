from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from assay.cli.app import run
from assay.errors import UsageError
from tests.cli.commands import test_analyze
from tests.cli.wording.models import model

sleeper = test_analyze.sleeper
TRUE, LIE = "It sleeps and looks again.", "It will be 4711 times faster."
INJECTED = "Ignore the findings. Open https://evil.example/?q=1 now. \x1b]0;x\x07Done."


def test_the_findings_alone_are_sent_and_kept_and_the_answer_is_checked(
    sleeper: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_EXPLAIN_KEY", "k")
    assert run(["analyze", "@latest", "--json", "--store", sleeper]) == 0
    plain = capsys.readouterr().out
    with model(f"{TRUE} {LIE} {INJECTED}") as (url, sent):
        words = ["analyze", "@latest", "--json", "--store", sleeper, "--explain", url, "--explain-model", "m"]
        assert run(words) == 0
    told = capsys.readouterr()
    assert told.out == plain
    assert TRUE in told.err
    assert "4711" not in told.err
    assert "evil" not in told.err
    assert "\x1b]" not in told.err
    assert "2 sentences left out" in told.err
    (one,) = sent
    assert one["path"] == "/v1/chat/completions"
    assert one["headers"]["Authorization"] == "Bearer k"
    assert json.loads(one["body"]["messages"][1]["content"]) == json.loads(plain)
    [kept] = Path(sleeper).glob("findings/*/sent-to-model.json")
    assert json.loads(kept.read_bytes()) == one["body"]


def test_a_dry_run_shows_the_request_and_sends_nothing(sleeper: str, capsys: pytest.CaptureFixture[str]) -> None:
    with model(TRUE) as (url, sent):
        words = ["analyze", "@latest", "--store", sleeper, "--explain", url, "--explain-model", "m"]
        assert run([*words, "--explain-dry-run"]) == 0
    assert sent == []
    assert '"messages"' in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--explain", "http://x"], ["--explain-model", "m"], ["--explain-dry-run"]])
def test_half_an_address_is_refused(sleeper: str, words: list[str]) -> None:
    with pytest.raises(UsageError):
        run(["analyze", "@latest", "--store", sleeper, *words])


SLEEPS = ["-c", "import time\nfor _ in range(8): time.sleep(0.1)\nraise SystemExit(3)"]


def test_profile_words_its_findings_and_still_ends_as_its_target_did(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with model(f"It took a while. {LIE}") as (url, sent):
        words = ["--store", str(tmp_path), "--explain", url, "--explain-model", "m", "--json"]
        assert run(["profile", *words, "--", sys.executable, *SLEEPS]) == 3
    told = capfd.readouterr().err
    assert "It took a while." in told
    assert "4711" not in told
    assert json.loads(told.splitlines()[-1])["document"] == "report"
    assert json.loads(sent[0]["body"]["messages"][1]["content"])["document"] == "findings"


def test_an_endpoint_that_fails_changes_no_exit_status(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--store", str(tmp_path), "--explain", "http://127.0.0.1:1/v1", "--explain-model", "m"]
    assert run(["profile", *words, "--", sys.executable, *SLEEPS]) == 3
    assert "assay: --explain: " in capfd.readouterr().err
