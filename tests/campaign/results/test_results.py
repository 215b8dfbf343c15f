from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from msgspec import structs

from assay.campaign.grid.campaign import read_campaign
from assay.campaign.manifest.manifest import Manifest
from assay.campaign.manifest.place import Place, place_of
from assay.campaign.manifest.states import State
from assay.campaign.results.report import report_of
from assay.campaign.results.status import is_held, left_s, status_of
from assay.errors import PlanError
from assay.store import open_store
from tests.campaign.files import campaign_file


def _begun(folder: Path, file: Path) -> tuple[Place, Manifest]:
    place = place_of(folder / "store", file)
    manifest = Manifest.create(place.manifest)
    manifest.plan(read_campaign(file))
    return place, manifest


def test_what_was_not_begun_says_so_and_what_is_no_file_is_an_error(tmp_path: Path) -> None:
    file = campaign_file(tmp_path)
    assert status_of(place_of(tmp_path / "store", file), file).state == "not_begun"
    with pytest.raises(PlanError, match="no such file"):
        status_of(place_of(tmp_path / "store", tmp_path / "none.yaml"), tmp_path / "none.yaml")


def test_the_time_left_goes_by_each_cells_own_pace(tmp_path: Path) -> None:
    file = campaign_file(tmp_path, cycles=3)
    _, manifest = _begun(tmp_path, file)
    assert left_s(manifest, 1) is None
    rows = {row.label: row for row in manifest.rows() if row.cycle == 0}
    for label, seconds in (("n=1", 2), ("n=2", 10)):
        manifest.settle(structs.replace(rows[label], state=State.DONE, ended_ns=seconds * 10**9))
        manifest._set(rows[label].id, begun_ns=0)
    assert left_s(manifest, 1) == 2 * 2 + 2 * 10
    assert left_s(manifest, 2) == 12


def test_the_status_tells_what_is_done_what_failed_what_is_held_and_whether_the_file_changed(tmp_path: Path) -> None:
    file = campaign_file(tmp_path, cycles=2, breaker=1)
    place, manifest = _begun(tmp_path, file)
    first, second, *_ = manifest.rows()
    manifest.settle(structs.replace(first, state=State.DONE))
    manifest.settle(structs.replace(second, state=State.FAILED, reason="exit status 3"))
    assert status_of(place, file).state == "resumable"
    manifest.note_failure("command", "exit status 3")
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    document = status_of(place, file)
    assert (document.state, document.total, document.done, document.failed) == ("held", 4, 1, 1)
    assert document.changed
    assert document.failures[0].reason == "exit status 3"
    assert (document.held[0].group, document.held[0].failures) == ("command", 1)
    assert [(each.cycle, each.done, each.failed, each.pending) for each in document.cycles] == [
        (0, 1, 1, 0),
        (1, 0, 0, 2),
    ]


def test_a_campaign_runs_while_its_lock_is_held(tmp_path: Path) -> None:
    lock = tmp_path / "campaign.lock"
    assert not is_held(lock)
    with lock.open("w", encoding="ascii") as stream:
        assert not is_held(lock)
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert is_held(lock)


def test_a_report_needs_a_campaign_that_was_begun_and_counts_what_is_missing(tmp_path: Path) -> None:
    file = campaign_file(tmp_path)
    store = open_store(tmp_path / "store")
    with pytest.raises(PlanError, match="was not begun"):
        report_of(read_campaign(file), store, place_of(store.layout.root, file))
    place, manifest = _begun(tmp_path, file)
    row = manifest.rows()[0]
    manifest.settle(structs.replace(row, state=State.DONE, run="01M7XDX978F8MNTN6YJ91KK4XT"))
    manifest._set(row.id, run="01M7XDX978F8MNTN6YJ91KK4XT")
    report = report_of(read_campaign(file), store, place)
    assert report.missing == 2, "a run that was removed from the store is missing as well"
    assert [cell.cycles_done for cell in report.cells] == [0, 0]
