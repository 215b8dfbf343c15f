from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import RunNotFoundError
from assay.store import Store, open_store
from tests.stores import fill


@pytest.fixture
def store(tmp_path: Path) -> Store:
    fill(tmp_path, count=3)
    return open_store(tmp_path)


def ids(store: Store) -> list[str]:
    return sorted(row.id for row in store.runs())


def test_a_prefix_of_either_case_names_a_run(store: Store) -> None:
    for ulid in ids(store):
        assert store.get(ulid[:24]).id == ulid
        assert store.get(ulid[:24].lower()).id == ulid


def test_places_count_from_the_latest(store: Store) -> None:
    assert [store.get(reference).id for reference in ("@-3", "@-2", "@-1")] == ids(store)
    assert store.get("@latest").id == ids(store)[-1]


@pytest.mark.parametrize("reference", ["@-4", "@-0", "@first", "@", "@-99999999999"])
def test_a_place_that_is_not_there_is_one_line(store: Store, reference: str) -> None:
    with pytest.raises(RunNotFoundError, match="no run"):
        store.get(reference)


def test_a_prefix_of_several_runs_names_them(store: Store) -> None:
    with pytest.raises(RunNotFoundError, match="several runs") as caught:
        store.get("01")
    assert all(ulid in str(caught.value) for ulid in ids(store))


def test_a_mistyped_id_is_answered_with_the_one_that_was_meant(store: Store) -> None:
    ulid = ids(store)[0]
    wrong = ulid[:-2] + ("0" if ulid[-2] != "0" else "1") + ulid[-1]
    with pytest.raises(RunNotFoundError, match=f"did you mean '{ulid[:20]}"):
        store.get(wrong)


def test_nothing_is_not_answered_with_nothing(store: Store) -> None:
    with pytest.raises(RunNotFoundError) as caught:
        store.get("")
    assert "did you mean" not in str(caught.value)


def test_a_mistyped_tag_is_answered_with_the_one_that_was_meant(store: Store) -> None:
    store.tag("@latest", "baseline")
    with pytest.raises(RunNotFoundError, match="did you mean 'baseline'"):
        store.get("baselin")


@pytest.mark.parametrize("reference", ["", "%", "_", "*", "'; DROP TABLE runs; --", "\x00", "ü" * 3000])
def test_what_is_no_reference_is_not_found(store: Store, reference: str) -> None:
    with pytest.raises(RunNotFoundError):
        store.get(reference)
    assert len(store.runs()) == 3


def test_a_tag_whose_run_is_gone_names_nothing(store: Store) -> None:
    store.tag("@latest", "mine")
    tagged = store.get("mine").folder
    tagged.rename(store.layout.root / "elsewhere")
    with pytest.raises(RunNotFoundError):
        store.get("mine")
