from __future__ import annotations

import random
from pathlib import Path

import pytest

from assay.errors import StoreError
from assay.record.base import Measured
from assay.record.enums import Status
from assay.record.plan import Outcome
from assay.record.rows import Metric
from assay.store import Draft, open_store
from tests.makers import make_environment, make_metrics, make_plan
from tests.store.without_rights import public_folder, seen_without_rights
from tests.stores import fill


def abandoned(root: Path, *, spans: int = 0) -> Draft:
    """A draft with a row, a file and perhaps spans that nobody holds any more."""
    draft = open_store(root).draft(make_plan(), make_environment())
    draft.add(metrics=make_metrics()[:1])
    draft.artifact("raw/rusage/usage.json", collector="rusage").write_text("{}")
    if spans:
        draft.spans.append(step="FFN", start_ns=list(range(spans)), wall_ns=5)
    draft.abandon("killed")
    return draft


def test_everything_that_was_told_is_in_the_interrupted_run(tmp_path: Path) -> None:
    draft = abandoned(tmp_path, spans=7)
    (salvaged,) = open_store(tmp_path).salvage()
    assert (salvaged.id, salvaged.problem) == (draft.id, "")
    run = open_store(tmp_path).get(draft.id)
    assert run.record.status is Status.INTERRUPTED
    assert run.record.metrics == make_metrics()[:1]
    assert [item.file for item in run.record.artifacts] == ["raw/rusage/usage.json"]
    assert run.spans().num_rows == 7
    assert list(run.problems()) == []


def test_listing_salvages(tmp_path: Path) -> None:
    draft = abandoned(tmp_path)
    assert [(row.id, row.status) for row in open_store(tmp_path).runs()] == [(draft.id, "interrupted")]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_torn_last_line_costs_that_line_only(tmp_path: Path) -> None:
    draft = abandoned(tmp_path)
    journal = draft.folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"entry":"added","at_ns":5,"metr')
    open_store(tmp_path).salvage()
    assert open_store(tmp_path).get(draft.id).record.metrics == make_metrics()[:1]


def test_a_draft_that_ended_well_and_was_not_sealed_is_never_called_complete(tmp_path: Path) -> None:
    draft = open_store(tmp_path).draft(make_plan(), make_environment())
    draft.finish(outcome=Outcome(exit_code=0))
    draft.abandon("killed")
    open_store(tmp_path).salvage()
    record = open_store(tmp_path).get(draft.id).record
    assert record.status is Status.INTERRUPTED
    assert record.outcome.exit_code == 0


def test_rows_of_a_device_that_was_not_described_yet_are_kept(tmp_path: Path) -> None:
    draft = open_store(tmp_path).draft(make_plan(), make_environment())
    draft.add(metrics=[Metric(name="energy_j", value=Measured(value=1.0, by="nvml"), device="gpu:0")])
    draft.abandon("killed")
    open_store(tmp_path).salvage()
    record = open_store(tmp_path).get(draft.id).record
    assert [metric.device for metric in record.metrics] == ["gpu:0"]
    assert [device.id for device in record.devices] == ["gpu:0"]


def test_a_draft_cut_between_record_and_rename_is_told_by_its_record(tmp_path: Path) -> None:
    """run.json is whole and the journal is gone already."""
    draft = open_store(tmp_path).draft(make_plan(), make_environment())
    draft.finish()
    run = draft.seal()
    (tmp_path / "runs" / run.id).rename(tmp_path / "tmp" / run.id)
    (row,) = open_store(tmp_path).runs()
    assert (row.id, row.status) == (run.id, "interrupted")
    assert list(open_store(tmp_path).get(run.id).problems()) == []


def test_a_draft_without_a_word_in_it_vanishes(tmp_path: Path) -> None:
    abandoned(tmp_path)
    open_store(tmp_path).salvage()
    folder = tmp_path / "tmp" / "01JCZX5T00ABCDEFGHJKMNPQRS"
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(b'{"entry":"begun","id":"01JCZ')
    assert open_store(tmp_path).salvage() == ()
    assert not folder.exists()
    assert not (tmp_path / "damaged").exists()


@pytest.mark.parametrize("content", [b"not json\nat all\n", b"\x00" * 64 + b"\n"])
def test_a_draft_that_tells_nothing_readable_is_set_aside_with_the_reason(tmp_path: Path, content: bytes) -> None:
    draft = abandoned(tmp_path)
    (draft.folder / "journal.jsonl").write_bytes(content)
    (salvaged,) = open_store(tmp_path).salvage()
    assert salvaged.folder == tmp_path / "damaged" / draft.id
    assert "journal" in (salvaged.folder / "damaged.txt").read_text()
    assert (salvaged.folder / "raw" / "rusage" / "usage.json").read_text() == "{}"
    assert open_store(tmp_path).runs() == []
    assert open_store(tmp_path).salvage() == ()


def test_a_draft_with_damage_anywhere_is_salvaged_or_set_aside(tmp_path: Path) -> None:
    rng = random.Random(11)
    for _ in range(40):
        draft = abandoned(tmp_path, spans=50)
        victim = rng.choice(sorted(path for path in draft.folder.rglob("*") if path.is_file()))
        data = bytearray(victim.read_bytes())
        for _ in range(rng.randrange(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        victim.write_bytes(data[: rng.randrange(len(data) + 1)] if rng.random() < 0.3 else data)
        rows = {row.id for row in open_store(tmp_path).runs()}
        assert draft.id in rows or (tmp_path / "damaged" / draft.id / "damaged.txt").read_text()
        if draft.id in rows:
            assert list(open_store(tmp_path).get(draft.id).problems()) == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_draft_that_cannot_be_dealt_with_keeps_no_other_waiting(tmp_path: Path) -> None:
    first, second = (open_store(tmp_path).draft(make_plan(), make_environment()) for _ in range(2))
    first.abandon("killed")
    second.abandon("killed")
    first_lock = tmp_path / "tmp" / f"{first.id}.lock"
    first_lock.unlink()
    first_lock.mkdir()
    with pytest.raises(StoreError, match="cannot salvage a draft"):
        open_store(tmp_path).salvage()
    assert [row.id for row in open_store(tmp_path).runs()] == [second.id]
    first_lock.rmdir()
    assert len(open_store(tmp_path).runs()) == 2


def test_a_removal_that_was_cut_is_finished(tmp_path: Path) -> None:
    draft = abandoned(tmp_path)
    open_store(tmp_path).salvage()
    away = tmp_path / "tmp" / f"removed-{draft.id}-0"
    (tmp_path / "runs" / draft.id).rename(away)
    assert open_store(tmp_path).runs() == []
    assert not away.exists()


def test_a_lock_without_a_folder_is_cleared_away(tmp_path: Path) -> None:
    abandoned(tmp_path)
    (tmp_path / "tmp" / "01JCZX5T00ABCDEFGHJKMNPQRS.lock").touch()
    open_store(tmp_path).salvage()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_file_of_someone_else_in_tmp_is_left_alone(tmp_path: Path) -> None:
    abandoned(tmp_path)
    (tmp_path / "tmp" / "notes").mkdir()
    open_store(tmp_path).salvage()
    assert [path.name for path in (tmp_path / "tmp").iterdir()] == ["notes"]


def test_a_link_in_place_of_a_draft_is_not_followed(tmp_path: Path) -> None:
    draft = abandoned(tmp_path / "store")
    outside = tmp_path / "outside"
    draft.folder.rename(outside)
    draft.folder.symlink_to(outside)
    open_store(tmp_path / "store").runs()
    assert (outside / "journal.jsonl").exists()
    assert open_store(tmp_path / "store").runs() == []


def test_a_store_that_cannot_be_written_is_listed_and_its_drafts_kept() -> None:
    with public_folder() as folder:
        (ulid,) = fill(folder / "store")
        draft = abandoned(folder / "store")
        listed, refusal = seen_without_rights(folder / "store", lambda: (_ids(folder / "store"), _refusal(folder)))
        assert listed == [ulid]
        assert refusal.startswith(str(folder / "store" / "tmp"))
        assert "cannot" in refusal
        assert _ids(folder / "store") == [draft.id, ulid]


def _ids(root: Path) -> list[str]:
    return [row.id for row in open_store(root).runs()]


def _refusal(folder: Path) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(folder / "store").salvage()
    return str(caught.value)
