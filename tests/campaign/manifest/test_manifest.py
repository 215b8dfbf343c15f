from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from msgspec import structs

from assay.campaign.grid.campaign import read_campaign
from assay.campaign.manifest.events import Events
from assay.campaign.manifest.manifest import Manifest
from assay.campaign.manifest.place import place_of
from assay.campaign.manifest.states import State
from assay.errors import StoreError
from tests.campaign.files import campaign_file


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    made = Manifest.create(tmp_path / "manifest.sqlite")
    made.plan(read_campaign(campaign_file(tmp_path, cycles=2)))
    return made


def test_a_change_is_on_disk_when_it_returns(manifest: Manifest, tmp_path: Path) -> None:
    database = manifest._database
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert (tmp_path / "manifest.sqlite").stat().st_mode & 0o777 == 0o600


def test_an_experiment_goes_from_waiting_to_done_and_its_generations_are_counted(manifest: Manifest) -> None:
    first = manifest.next_for("host", (), 0)
    assert first is not None
    begun = manifest.begin(first, "host", "01M7XDX978F8MNTN6YJ91KK4XT")
    assert (begun.state, begun.generation, begun.took_s) == (State.RUNNING, 1, None)
    manifest.settle(structs.replace(begun, state=State.DONE, ended_ns=(begun.begun_ns or 0) + 2_000_000_000))
    assert manifest.row(first.id).took_s == 2.0
    assert manifest.durations() == {first.cell: (1, 2.0)}
    assert manifest.counts() == {State.DONE: 1, State.PENDING: 3}


def test_a_cycle_is_open_until_all_of_it_is_over_and_held_groups_do_not_keep_it_open(manifest: Manifest) -> None:
    for _ in range(2):
        row = manifest.next_for("host", (), 0)
        assert row is not None
        assert manifest.open_cycle(()) == 0
        manifest.settle(structs.replace(row, state=State.DONE))
    assert manifest.open_cycle(()) == 1
    assert manifest.open_cycle(["command"]) is None


def test_a_changed_file_adds_what_is_new_withdraws_what_is_gone_and_keeps_what_is_done(
    manifest: Manifest, tmp_path: Path
) -> None:
    row = manifest.next_for("host", (), 0)
    assert row is not None
    manifest.settle(structs.replace(row, state=State.DONE))
    manifest.plan(read_campaign(campaign_file(tmp_path, axes={"n": [3]})))
    assert manifest.counts() == {State.DONE: 1, State.PENDING: 1, State.WITHDRAWN: 3}
    manifest.plan(read_campaign(campaign_file(tmp_path, cycles=2)))
    assert manifest.counts() == {State.DONE: 1, State.PENDING: 3, State.WITHDRAWN: 1}


def test_failures_of_a_group_are_counted_until_they_are_forgiven(manifest: Manifest) -> None:
    manifest.note_failure("a", "first")
    manifest.note_failure("a", "second")
    manifest.note_failure("b", "third")
    assert manifest.breakers() == {"a": (2, "second"), "b": (1, "third")}
    manifest.forgive("a")
    assert manifest.breakers() == {"b": (1, "third")}
    manifest.forgive()
    assert manifest.breakers() == {}


def test_what_failed_is_tried_again_on_request(manifest: Manifest) -> None:
    row = manifest.next_for("host", (), 0)
    assert row is not None
    manifest.settle(structs.replace(row, state=State.FAILED, failures=1, kills=2))
    manifest.retry()
    assert manifest.row(row.id) == structs.replace(row, seq=row.seq)


def test_a_file_that_is_no_manifest_is_an_error_of_the_user(tmp_path: Path) -> None:
    assert Manifest.open(tmp_path / "none.sqlite") is None
    (tmp_path / "odd.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="manifest"):
        Manifest.open(tmp_path / "odd.sqlite")
    sqlite3.connect(tmp_path / "empty.sqlite").close()
    assert Manifest.open(tmp_path / "empty.sqlite") is None


def test_every_event_is_a_whole_line_even_after_one_that_was_cut(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b'{"event":"beg')
    events = Events(file)
    events.add("begun", pid=1, nothing=None)
    events.close()
    cut, line = file.read_text(encoding="utf-8").splitlines()
    assert cut == '{"event":"beg'
    assert {key: value for key, value in json.loads(line).items() if key != "at"} == {"event": "begun", "pid": 1}


def test_a_campaign_is_found_by_its_files_path_alone(tmp_path: Path) -> None:
    place = place_of(tmp_path, tmp_path / "a b.yaml")
    assert place.folder.name.startswith("a-b-")
    assert place == place_of(tmp_path, tmp_path / "x" / ".." / "a b.yaml")
    assert place != place_of(tmp_path, tmp_path / "c.yaml")
    names = {path.name for path in (place.manifest, place.events, place.results, place.logs, place.wish)}
    assert names == {"manifest.sqlite", "events.jsonl", "results", "logs", "stop"}
