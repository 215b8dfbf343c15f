from __future__ import annotations

import re

from assay.record.ids import created_ms, new_ulid, ulid_of


def test_ids_are_ulids_and_sort_by_time() -> None:
    early, late = new_ulid(1_000), new_ulid(2_000)
    assert early < late
    assert re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", early)
    assert (created_ms(early), created_ms(late)) == (1_000, 2_000)


def test_two_ids_of_one_moment_differ() -> None:
    assert new_ulid(5) != new_ulid(5)


def test_an_id_from_given_bytes_is_always_the_same() -> None:
    assert ulid_of(1_469_918_176_385, bytes(10)) == "01ARYZ6S410000000000000000"
    assert ulid_of(1, b"\xff" * 20) == ulid_of(1, b"\xff" * 10)
