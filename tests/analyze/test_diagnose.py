from __future__ import annotations

import msgspec
import pytest

from assay.analyze.diagnose import diagnose
from assay.analyze.evidence.gather import Evidence
from assay.analyze.rules.load import load_rules
from assay.record.diagnosis.findings import Clock, Findings
from tests.analyze.makers import FILE, LIBRARY, Piece, frame, make_evidence, processes_of

ULID = "01JD0000000000000000000000"
SHA = "0" * 64
MAIN = frame("main", 10)
SOURCE = "def find(wanted, known):\n    for one in wanted:\n        if one in known:\n            yield one\n"


def diagnosed(evidence: Evidence) -> Findings:
    return diagnose(evidence, load_rules(), ULID, SHA)


def test_a_list_that_is_searched_in_a_loop_is_named_with_its_line() -> None:
    searching = Piece(ms=2600, stack=(MAIN, frame("find", 3)), symbol="list_contains")
    evidence = make_evidence([Piece(ms=400, stack=(MAIN,)), searching], sources={FILE: SOURCE})
    found = diagnosed(evidence)
    assert [finding.pattern for finding in found.findings] == ["linear_membership_list"]
    [finding] = found.findings
    assert (finding.location.file, finding.location.line, finding.location.function) == (FILE, 3, "find")
    assert finding.location.native == "list_contains"
    assert finding.gain is not None
    assert finding.gain.share == pytest.approx(2600 / 3000, abs=0.02)


def test_the_clocks_of_a_run_add_up_to_its_wall_time() -> None:
    pieces = [
        Piece(ms=500, stack=(MAIN,)),
        Piece(ms=300, stack=(MAIN, frame("wait", 5)), wait="sleep"),
        Piece(ms=200, stack=(MAIN, frame("get", 6)), wait="network"),
        Piece(ms=400, stack=(MAIN, frame("save", 7)), wait="disk"),
        Piece(ms=100, stack=(MAIN,), wait="queued"),
    ]
    found = diagnosed(make_evidence(pieces))
    assert sum(one.seconds for one in found.clocks) == pytest.approx(1.5, rel=0.03)
    seconds = {one.clock: one.seconds for one in found.clocks}
    wanted = {Clock.CPU: 0.5, Clock.SLEEP: 0.3, Clock.NETWORK: 0.2, Clock.DISK: 0.4, Clock.RUN_QUEUE: 0.1}
    assert seconds == pytest.approx(wanted, abs=0.03)


def test_a_loop_that_sleeps_is_a_cause_and_a_loop_that_computes_is_not() -> None:
    sleep = (MAIN, frame("poll", 22))
    polling = [
        piece for _ in range(20) for piece in (Piece(ms=90, stack=sleep, wait="sleep"), Piece(ms=10, stack=(MAIN,)))
    ]
    assert [finding.pattern for finding in diagnosed(make_evidence(polling)).findings] == ["sleep_poll"]
    busy = [Piece(ms=100, stack=(MAIN, frame(f"f{number % 7}", 30 + number % 7))) for number in range(21)]
    assert diagnosed(make_evidence(busy)).findings == ()


def test_time_in_libraries_belongs_to_the_own_line_above_them() -> None:
    compiling = (
        MAIN,
        frame("scan", 9),
        (f"{LIBRARY}/re/__init__.py", "compile", 200),
        (f"{LIBRARY}/re/_compiler.py", "_compile", 7),
    )
    pieces = [piece for _ in range(10) for piece in (Piece(ms=150, stack=compiling), Piece(ms=50, stack=(MAIN,)))]
    [finding] = diagnosed(make_evidence(pieces)).findings
    assert (finding.pattern, finding.location.function) == ("regex_recompile", "scan")
    assert finding.stack[-1].startswith("_compile (")


def test_threads_that_wait_for_the_interpreter_are_told_from_threads_that_wait_for_a_lock() -> None:
    def turns(wait: str, first: bool) -> list[Piece]:
        work = Piece(ms=50, stack=(MAIN, frame("work", 40)))
        rest = Piece(ms=50, stack=(MAIN, frame("work", 41)), wait=wait)
        return [piece for _ in range(15) for piece in ((work, rest) if first else (rest, work))]

    processes = processes_of(cpu_ms=1500, wall_ms=1500)
    contended = make_evidence(turns("gil", True), turns("gil", False), tables=processes)
    assert "gil_contention" in {finding.pattern for finding in diagnosed(contended).findings}
    locked = make_evidence(turns("lock", True), turns("lock", False), tables=processes)
    assert "gil_contention" not in {finding.pattern for finding in diagnosed(locked).findings}


def test_a_short_run_is_said_to_be_too_short() -> None:
    found = diagnosed(make_evidence([Piece(ms=250, stack=(MAIN,))]))
    assert found.insufficient is not None
    assert found.findings == ()


def test_a_busy_machine_lowers_the_confidence_of_every_cause() -> None:
    def run(queued_ms: int) -> Findings:
        searching = Piece(ms=2600, stack=(MAIN, frame("find", 3)), symbol="list_contains")
        waiting = Piece(ms=queued_ms, stack=(MAIN,), wait="queued")
        return diagnosed(make_evidence([searching, waiting, Piece(ms=400, stack=(MAIN,))], sources={FILE: SOURCE}))

    quiet, noisy = run(20), run(800)
    assert [finding.pattern for finding in noisy.trust] == ["noisy_machine"]
    assert quiet.trust == ()
    assert noisy.findings[0].confidence == pytest.approx(0.98 * quiet.findings[0].confidence, rel=0.005)


def test_a_rule_without_its_evidence_is_not_evaluated() -> None:
    evidence = make_evidence([Piece(ms=2000, stack=(MAIN,))])
    missing = {one.pattern: one.missing for one in diagnosed(evidence).not_evaluated}
    assert missing["gil_contention"] == ("processes",)


def test_without_stacks_a_rule_goes_by_the_run_as_a_whole() -> None:
    leak = processes_of(cpu_ms=3000, wall_ms=3000, descriptors=[10 * number for number in range(31)])
    evidence = make_evidence([Piece(ms=3000, stack=(MAIN,))], tables=leak)
    assert "fd_growth" not in {one.pattern for one in diagnosed(evidence).not_evaluated}
    blind = msgspec.structs.replace(
        evidence, tables={kind: one for kind, one in evidence.tables.items() if kind not in ("stacks", "frames")}
    )
    [finding] = [one for one in diagnosed(blind).findings if one.pattern == "fd_growth"]
    assert finding.location.scope.value == "run"
    assert "stacks" in {kind for one in diagnosed(blind).not_evaluated for kind in one.missing}


def test_the_same_evidence_gives_the_same_bytes() -> None:
    def once() -> bytes:
        searching = Piece(ms=2600, stack=(MAIN, frame("find", 3)), symbol="list_contains")
        return msgspec.json.encode(diagnosed(make_evidence([searching], sources={FILE: SOURCE})))

    assert once() == once()
