from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assay.compare.asked import Asked, metric_named
from assay.compare.compare import compare
from assay.compare.kind import KINDS, choose
from assay.compare.words import percent_text
from assay.errors import UsageError
from assay.record.documents.comparison import Comparison, Outcome
from assay.record.plan import Model
from assay.record.run import expect
from assay.store import StoredRun
from tests.compare.made import START_UTC_NS, Maker, with_cpu
from tests.makers import make_environment, make_plan

FASTER = {(2, "FFN"): 0.93}
Sides = tuple[list[StoredRun], list[StoredRun]]


@pytest.fixture(scope="module")
def faster(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    return Maker(folder=tmp_path_factory.mktemp("faster"), factors=FASTER).sides()


@pytest.fixture(scope="module")
def same(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    return Maker(folder=tmp_path_factory.mktemp("same")).sides()


def test_a_faster_cell_is_found_by_name_and_nothing_else_is(faster: Sides) -> None:
    found = compare(*faster, Asked())
    cells = [line.label for line in found.cells if line.verdict is Outcome.CORROBORATED]
    assert cells == ["decode layer 2 FFN"]
    assert found.verdict is Outcome.CORROBORATED
    line = next(line for line in found.cells if line.label == cells[0])
    assert line.specific is not None
    assert line.specific.low < -0.07 < line.specific.high
    assert line.direction == "less"
    assert (found.by, found.unit, found.location != "") == ("spans", "s", True)


def test_the_other_way_round_it_is_a_regression(faster: Sides) -> None:
    found = compare(faster[1], faster[0], Asked())
    assert found.verdict is Outcome.REFUTED
    assert "more" in found.headline


def test_equal_sides_are_no_claim(same: Sides) -> None:
    found = compare(*same, Asked(margin=0.2))
    lines = [line for line in (*found.cells, *found.groups, found.total, found.common) if line is not None]
    assert lines
    assert not [line for line in lines if line.verdict is Outcome.CORROBORATED]
    assert found.verdict is Outcome.EQUIVALENT
    assert "±20 %" in found.headline


def test_the_same_question_gives_the_same_document_byte_for_byte(faster: Sides) -> None:
    first, second = (msgspec.json.encode(compare(*faster, Asked())) for _ in range(2))
    assert first == second


def test_sides_that_ran_one_after_the_other_are_shown_and_not_judged(tmp_path: Path) -> None:
    sides = Maker(folder=tmp_path, order="sequential", factors=FASTER).sides()
    found = compare(*sides, Asked(claims=("layer=2 step=FFN -5%",)))
    assert found.verdict is Outcome.INCONCLUSIVE
    assert "one after the other" in found.headline
    assert {line.verdict for line in (*found.cells, *found.groups)} == {Outcome.INCONCLUSIVE}
    assert found.claims[0].verdict is Outcome.INCONCLUSIVE
    assert all(line.before and line.after and not line.raw for line in found.cells)
    assert any("--despite-order" in step for step in found.next_steps)


def test_despite_the_order_only_what_is_not_shared_is_judged_when_asked(tmp_path: Path) -> None:
    sides = Maker(folder=tmp_path, order="sequential", factors=FASTER, blocks=12).sides()
    found = compare(*sides, Asked(despite_order=True))
    assert found.total is not None
    assert found.total.verdict is Outcome.INCONCLUSIVE
    shown = [line.label for line in found.cells if line.verdict is Outcome.CORROBORATED]
    assert shown == ["decode layer 2 FFN"]


def test_too_few_runs_decide_nothing_and_say_how_many_are_needed(faster: Sides) -> None:
    found = compare(faster[0][:3], faster[1][:3], Asked())
    assert found.verdict is Outcome.INCONCLUSIVE
    assert found.design is not None
    assert found.design.needed >= 5
    assert "needed" in found.headline


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("layer=2 step=FFN -5%", Outcome.CORROBORATED),
        ("layer=2 step=FFN -20%", Outcome.REFUTED),
        ("layer=9 step=FFN -5%", Outcome.INCONCLUSIVE),
    ],
)
def test_a_claim_is_judged_as_it_was_made(faster: Sides, claim: str, verdict: Outcome) -> None:
    for before in (False, True):
        found = compare(*faster, Asked(claims=(claim,), claimed_before=before))
        [one] = found.claims
        assert (one.verdict, one.named_before) == (verdict, before)
        assert found.verdict is verdict


def test_a_claim_that_stands_in_every_candidate_s_record_was_named_before(tmp_path: Path) -> None:
    stated = expect("layer=2 step=FFN -5%", START_UTC_NS - 1)
    sides = Maker(folder=tmp_path, factors=FASTER).sides(expectations=(stated,))
    [claim] = compare(*sides, Asked()).claims
    assert (claim.named_before, claim.sha256, claim.verdict) == (True, stated.sha256, Outcome.CORROBORATED)


@pytest.mark.parametrize(
    "stated",
    [
        expect("layer=2 step=FFN -5%", START_UTC_NS + 10**12),
        msgspec.structs.replace(expect("layer=2 step=FFN -2%", START_UTC_NS - 1), claim="layer=2 step=FFN -5%"),
    ],
    ids=["stated too late", "changed afterwards"],
)
def test_a_claim_that_was_not_named_before_is_none(tmp_path: Path, stated: object) -> None:
    sides = Maker(folder=tmp_path, blocks=6).sides(expectations=(stated,))
    assert compare(*sides, Asked()).claims == ()


def test_an_unlike_governor_is_not_comparable_unless_it_is_the_question(tmp_path: Path) -> None:
    slow, fast = (with_cpu(make_environment(), governor=name) for name in ("powersave", "performance"))
    sides = Maker(folder=tmp_path, blocks=6, environment=slow).sides(environment=fast)
    found = compare(*sides, Asked())
    assert found.verdict is Outcome.NOT_COMPARABLE
    assert [(one.fact, one.before, one.after) for one in found.obstacles] == [("governor", "powersave", "performance")]
    assert "--across governor" in found.next_steps[0]
    assert compare(*sides, Asked(across=frozenset({"governor"}))).verdict is not Outcome.NOT_COMPARABLE


def test_counts_are_compared_as_they_are(faster: Sides) -> None:
    found = compare(faster[0][:1], faster[1][:1], Asked(metric="flops"))
    assert found.verdict is Outcome.EQUIVALENT
    assert len(found.exact) == 8
    assert found.design is None


def test_a_step_group_and_the_whole_have_lines_of_their_own(faster: Sides) -> None:
    found = compare(*faster, Asked())
    assert {line.label for line in found.groups} >= {"decode FFN", "decode layer 2 all steps"}
    assert found.total is not None
    assert found.common is not None


def test_an_inserted_layer_leaves_the_others_in_place(tmp_path: Path) -> None:
    names = ["0", "1", "9", "2", "3"]
    found = compare(*Maker(folder=tmp_path, factors={(3, "FFN"): 0.9}).sides(names=names), Asked())
    assert [cell.layer for cell in found.only_after] == [2, 2]
    [line] = [line for line in found.cells if line.verdict is Outcome.CORROBORATED]
    assert line.cell is not None
    assert line.counterpart is not None
    assert (line.cell.layer, line.counterpart.layer) == (2, 3)


def test_what_can_not_be_asked_is_refused(faster: Sides) -> None:
    with pytest.raises(UsageError, match="both sides"):
        compare(faster[0], faster[0], Asked())
    with pytest.raises(UsageError, match="did you mean 'governor'"):
        compare(*faster, Asked(across=frozenset({"governer"})))
    with pytest.raises(UsageError, match="nothing to compare by 'energy_j'"):
        compare(*faster, Asked(metric="energy_j"))


def test_every_kind_of_evidence_says_what_it_is() -> None:
    for name, kind in KINDS.load_all().items():
        assert (kind.name, kind.summary != "") == (name, True)
        assert kind.metrics("no such metric") == ""


def test_the_finest_kind_that_both_have_is_taken(faster: Sides) -> None:
    assert choose("", faster, "wall_s").name == "spans"
    assert choose("whole", faster, "wall_s").name == "whole"


def test_a_run_that_failed_decides_nothing(tmp_path: Path) -> None:
    found: Comparison | None = None
    sides = Maker(folder=tmp_path, blocks=6).sides()
    record = msgspec.structs.replace(sides[1][0].record, status="failed", status_reason="exit status 1")
    sides[1][0].__dict__["record"] = msgspec.convert(msgspec.to_builtins(record), type(record))
    found = compare(*sides, Asked())
    assert found.verdict is Outcome.INCONCLUSIVE
    assert "exit status 1" in found.headline


def test_words_stand_for_registered_metrics() -> None:
    assert [metric_named(word) for word in ("wall", "cpu", "peak_bytes", "ttft_ms")] == [
        "wall_s",
        "cpu_s",
        "peak_rss_bytes",
        "ttft_ms",
    ]
    assert percent_text(-0.0204) == "−2.04 %"


def test_another_model_is_not_comparable(tmp_path: Path) -> None:
    plan = make_plan()
    model = Model(name="another", format="safetensors", sha256="b" * 64)
    other = msgspec.structs.replace(plan, target=msgspec.structs.replace(plan.target, model=model))
    found = compare(*Maker(folder=tmp_path, blocks=5, plan=plan).sides(plan=other), Asked())
    assert [one.fact for one in found.obstacles] == ["model"]
