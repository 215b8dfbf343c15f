"""Reading files of a machine: values, or reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.environment.facts import Unknown
from assay.observe.environment.sources import LARGEST_FILE_BYTES, Sources, bracketed, natural_order, parse_list
from tests.observe.environment.machines import make_machine


def test_a_missing_an_empty_and_an_unreadable_file_each_say_so(tmp_path: Path) -> None:
    sources = make_machine(tmp_path, {"sys/empty": "\n", "sys/secret": None, "sys/file": "x"})
    assert sources.text("sys/none") == Unknown("/sys/none does not exist")
    assert sources.text("sys/file/below") == Unknown("/sys/file/below does not exist")
    assert sources.text("sys/empty") == Unknown("/sys/empty is empty")
    assert sources.text("sys/secret") == Unknown("/sys/secret can't be read: Is a directory")


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"a\xffb\0\n")
    assert Sources(root=tmp_path).text("odd") == "a\N{REPLACEMENT CHARACTER}b"


def test_no_more_than_the_bound_is_read(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (LARGEST_FILE_BYTES + 200_000))
    text = Sources(root=tmp_path).text("large")
    assert isinstance(text, str)
    assert len(text) <= LARGEST_FILE_BYTES + 65536


@pytest.mark.parametrize(("content", "value"), [("12\n", 12000), ("-1", -1000), (" 7 ", 7000)])
def test_whole_numbers_take_the_unit_of_the_file(tmp_path: Path, content: str, value: int) -> None:
    assert make_machine(tmp_path, {"n": content}).integer("n", unit=1000) == value


@pytest.mark.parametrize("content", ["max", "1.5", "1" * 30, "0x10", "<unsupported>"])
def test_what_is_no_whole_number_is_unknown(tmp_path: Path, content: str) -> None:
    assert isinstance(make_machine(tmp_path, {"n": content}).integer("n"), Unknown)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("0-3,8", (0, 1, 2, 3, 8)), ("5", (5,)), ("0-1,1-2\n", (0, 1, 2)), ("", ()), ("3-1", ())],
)
def test_lists_of_processors_are_expanded(text: str, numbers: tuple[int, ...]) -> None:
    assert parse_list(text) == numbers


@pytest.mark.parametrize("text", ["a-b", "0-", "1;2", "-1", "0-3:1/2"])
def test_what_is_no_list_is_unknown(text: str) -> None:
    assert isinstance(parse_list(text), Unknown)


def test_a_list_that_claims_a_million_processors_stays_small() -> None:
    numbers = parse_list("0-999999")
    assert isinstance(numbers, tuple)
    assert len(numbers) <= 65537


def test_numbers_in_names_are_ordered_by_value() -> None:
    assert sorted(["cpu10", "cpu2", "cpufreq", "cpu0"], key=natural_order) == ["cpu0", "cpu2", "cpu10", "cpufreq"]


def test_the_chosen_word_of_a_choice_is_taken() -> None:
    assert bracketed("always [madvise] never") == "madvise"
    assert bracketed("never") == "never"
    assert bracketed(Unknown("why")) == Unknown("why")


def test_only_the_true_root_is_live(tmp_path: Path) -> None:
    assert Sources().live
    assert not Sources(root=tmp_path).live
