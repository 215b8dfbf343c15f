from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest

from assay.report.exports.pprof import render
from tests.report.profiles import material

Field = tuple[int, Any]


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def fields(data: bytes) -> Iterator[Field]:
    """A protocol buffer read field by field, as its specification says: the test's own reader."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            yield key >> 3, data[at : at + value]
            at += value
        else:
            assert key & 7 == 0
            yield key >> 3, value


def numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        found.append(value)
    return found


def read() -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for number, value in fields(gzip.decompress(render(material()))):
        found.setdefault(number, []).append(value)
    return found


def test_the_profile_is_read_back_with_stacks_from_the_leaf_up() -> None:
    profile = read()
    strings = [text.decode() for text in profile[6]]
    functions = {values[1]: strings[values[2]] for values in map(dict, map(fields, profile[5]))}
    locations = {}
    for one in profile[4]:
        parts = dict(fields(one))
        locations[parts[1]] = functions[dict(fields(parts[4]))[1]]
    stacks = [[locations[number] for number in numbers(dict(fields(one))[1])] for one in profile[2]]
    assert ["list_contains", "work", "main", "process 100"] in stacks
    assert strings[0] == ""


def test_every_sample_has_a_value_per_clock_and_they_add_up() -> None:
    profile = read()
    strings = [text.decode() for text in profile[6]]
    clocks = [strings[dict(fields(one))[1]] for one in profile[1]]
    values = [numbers(dict(fields(one))[2]) for one in profile[2]]
    assert {len(one) for one in values} == {len(clocks)}
    assert {"cpu", "sleep", "lock"} <= set(clocks)
    assert sum(map(sum, values)) / 1e9 == pytest.approx(1.6, rel=0.03)
