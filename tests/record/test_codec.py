from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import RecordError
from assay.record.base import Measured
from assay.record.codec import RUN_BYTES_MAX, RUN_VALUES_MAX, agreement, decode_run, encode_run
from assay.record.codec.agreement import KEYWORDS, Kinds, constraints, schema_fault
from assay.record.codec.text import clipped, printable
from assay.record.rows import Metric
from assay.record.run import Run
from assay.record.schema import published_schema
from tests.makers import document, make_artifact, make_environment, make_load, make_plan, make_run

TEXT = json.dumps(document())


def refusal(data: bytes | str, where: str = "a/run.json") -> str:
    with pytest.raises(RecordError) as caught:
        decode_run(data.encode() if isinstance(data, str) else data, where)
    line = str(caught.value)
    assert len(line) <= 500
    assert line.isprintable()
    return line


def changed(edit: Callable[[dict[str, Any]], object]) -> str:
    data = document()
    edit(data)
    return json.dumps(data)


def test_a_run_comes_back_equal() -> None:
    run = make_run()
    assert decode_run(encode_run(run), "run.json") == run


def test_the_same_run_gives_the_same_bytes() -> None:
    assert encode_run(make_run()) == encode_run(make_run())


def test_a_wrong_type_is_named_with_its_place() -> None:
    line = refusal(changed(lambda run: run["environment"]["cpu"].update(logical_cpus="4")))
    assert line.startswith("a/run.json#/environment/cpu/logical_cpus: expected int | null, got str; ")


def test_an_unknown_field_is_named_and_cannot_break_the_line() -> None:
    line = refusal(changed(lambda run: run["plan"].update({"a\n\x1b[31m/b~` - at `$.id`": 1})))
    assert line.startswith("a/run.json#/plan/a\\n\\x1b[31m~1b~0` - at `$.id`: there is no such field")


def test_a_long_path_and_value_are_cut() -> None:
    line = refusal(changed(lambda run: run["plan"]["target"].update(backend="x" * 5000)), "y\n" * 3000)
    assert "#/plan/target/backend: invalid enum value 'xxx" in line


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"load_1m": 0.1', '"load_1m": NaN', "#/environment/load/load_1m: JSON is malformed"),
        ('"load_1m": 0.1', '"load_1m": 1e999', "#/environment/load/load_1m: number out of range"),
        ('"load_1m": 0.1', '"load_1m": 0.1, "load_1m": 0.1', "#/environment/load/load_1m: the key 'load_1m' stands"),
        ('"load_1m": 0.1', '"load_1m": ' + "[" * 100_000, "#/environment/load/load_1m: expected float | null"),
        ('"rusage"', '"\\ud800"', "#/plan/collectors/0: JSON is malformed"),
        ('"seed": 7', '"seed": 9223372036854775808', "#/plan/workload/seed: expected int <= 9223372036854775807"),
    ],
)
def test_what_json_lets_pass_is_refused_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in TEXT
    assert expected in refusal(TEXT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "ends too early"),
        (b"null", "expected object"),
        (b"{}", "#/id: a required field is missing"),
        (TEXT.encode() + b"x", "trailing characters"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "byte-order mark"),
        (TEXT.encode("utf-16"), "byte-order mark"),
        (TEXT.replace("rusage", "r\xff").encode("latin-1"), "#/plan/collectors/0: not UTF-8 at byte"),
        (b"[" * 1_000_000, "expected object"),
        (b'{"schema_version":' * 100_000, "expected"),
        (b" " * (RUN_BYTES_MAX + 1), "are more than"),
        (b"[" + b"0," * (RUN_VALUES_MAX + 1) + b"0]", "are more than"),
    ],
)
def test_what_is_no_record_at_all_is_refused(data: bytes, expected: str) -> None:
    assert expected in refusal(data)


def test_a_place_far_into_a_long_broken_document_costs_no_walk() -> None:
    assert refusal(TEXT[:-1].encode() + b" " * (5 << 20)).startswith("a/run.json#/: the document ends too early")


def test_another_version_is_told_apart_from_damage() -> None:
    assert "read it with a newer Assay" in refusal(changed(lambda run: run.update(schema_version="4.0.0", extra=1)))
    assert "assay runs migrate" in refusal('{"schema_version": "2.0.0", "experiment_id": "e"}')


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_cannot_hold_is_refused_on_write(number: float) -> None:
    run = make_run(metrics=(Metric(name="wall_s", value=Measured(value=number, by="clock")),))
    with pytest.raises(RecordError, match=r"#/metrics/0/value/value: -?(nan|inf) is not a number"):
        encode_run(run)


def test_a_number_that_may_be_null_does_not_become_null_in_silence() -> None:
    with pytest.raises(RecordError, match="#/environment/load/load_1m: nan is not a number"):
        encode_run(make_run(environment=make_environment(load=make_load(load_1m=math.nan))))
    with pytest.raises(RecordError, match="#/plan/timeout_s: inf is not a number"):
        encode_run(make_run(plan=make_plan(timeout_s=math.inf)))


def test_half_a_surrogate_pair_and_an_escaping_path_are_refused_on_write() -> None:
    with pytest.raises(RecordError, match="#/plan/collectors/0: the text is not Unicode"):
        encode_run(make_run(plan=make_plan(collectors=("\udcff",))))
    with pytest.raises(RecordError, match="#/artifacts/0/file: expected a relative path"):
        encode_run(make_run(artifacts=(make_artifact(file="../x"),)))


def test_the_published_schema_is_a_schema_and_the_library_accepts_a_run() -> None:
    jsonschema.Draft202012Validator.check_schema(published_schema())
    jsonschema.Draft202012Validator(published_schema()).validate(document())


def test_the_schema_uses_no_keyword_that_thinning_does_not_see() -> None:
    assert {keyword for keyword, _ in constraints(published_schema())} <= KEYWORDS


def test_no_object_of_the_schema_lets_unknown_properties_in() -> None:
    objects = [rules for rules in published_schema()["$defs"].values() if rules.get("type") == "object"]
    assert objects
    assert all(rules["additionalProperties"] is False for rules in objects)


def test_the_library_judges_the_schema_and_not_the_types(monkeypatch: pytest.MonkeyPatch) -> None:
    drifted = json.loads(json.dumps(published_schema()))
    drifted["$defs"]["Metric"]["properties"]["name"]["enum"].remove("cpu_s")
    monkeypatch.setattr(agreement, "_validator", lambda: jsonschema.Draft202012Validator(drifted))
    line = refusal(TEXT)
    assert line.startswith("a/run.json#/metrics/1/name: 'cpu_s' is not one of")


def test_the_one_bad_row_among_many_is_found_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**document()["metrics"][0], "phase": "none"} for _ in range(500)]
    rows[321] = {**rows[321], "phase": "late"}
    data = json.dumps(document() | {"metrics": rows}).encode()
    fault = schema_fault(data)
    assert fault is not None
    assert fault.pointer == "/metrics/321/phase"


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        (5, 7, True),
        (-1, 1, False),
        (0, 1, False),
        (2**63 - 1, 2**63, False),
        (1, 1.0, False),
        (True, 1, False),
        ("wall_s", "cpu_s", False),
        ("abc", "abd", True),
        ("abc", "ab\n", False),
        ("", "a", False),
        ("x" * 512, "x" * 513, False),
        ([5, 7], [7, 5], True),
        ({"a": 5}, {"a": 7}, True),
        ({"a": 1}, {"b": 1}, False),
        (None, False, False),
    ],
)
def test_values_are_alike_only_if_no_rule_tells_them_apart(a: object, b: object, alike: bool) -> None:
    kinds = Kinds(published_schema())
    assert (kinds.kind(a, "name") == kinds.kind(b, "name")) is alike


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2**64), st.floats(allow_nan=False), st.sampled_from(["", "wall_s", "a\n"])
)
_TEXTS = st.one_of(st.text(max_size=3), st.sampled_from(["wall_s", "x" * 512, "x" * 513]))
_COLUMNS = st.one_of(
    st.lists(_TEXTS, min_size=20),
    st.lists(st.integers(-3, 3), min_size=20),
    st.lists(st.floats(allow_nan=False), min_size=20),
    st.lists(st.fixed_dictionaries({"name": _TEXTS, "value": st.integers(-1, 5)}), min_size=20),
    st.lists(st.fixed_dictionaries({"name": _TEXTS}, optional={"value": _SCALARS}), min_size=20),
    st.lists(_SCALARS, min_size=20),
    st.lists(st.just({}), min_size=20),
)


@given(_COLUMNS)
def test_a_shortened_list_still_has_every_kind(items: list[Any]) -> None:
    kinds, places = Kinds(published_schema()), {"": [0]}
    kept = kinds.thinned(items, "/name", places)
    assert {kinds.kind(item, "name") for item in kept} == {kinds.kind(item, "name") for item in items}
    assert [items[place] for place in places["/name"]] == kept


def test_thinning_gives_the_verdict_of_the_full_document() -> None:
    validator = jsonschema.Draft202012Validator(published_schema())
    row = document()["metrics"][0]
    odd: list[dict[str, Any]] = [row | {"device": ""}, row | {"name": "x"}, row | {"value": 1}, row | {"phase": None}]
    for bad in ([], *([one] for one in odd)):
        full = document() | {"metrics": [row] * 40 + bad + [row] * 40}
        assert (schema_fault(json.dumps(full).encode()) is None) is validator.is_valid(full)


def test_text_is_escaped_and_cut() -> None:
    assert printable("a\n\x1b\u202e\ud800é") == "a\\n\\x1b\\u202e\\ud800é"
    assert (clipped("abcdef", 4), clipped("abcdef", 4, keep_end=True)) == ("abc…", "…def")


def test_types_and_schema_agree_about_every_field_removed() -> None:
    """Where the rules of single fields are concerned, types and schema give the same verdict."""
    validator = jsonschema.Draft202012Validator(published_schema())
    for name in document():
        data = {key: value for key, value in document().items() if key != name}
        by_types = _accepts(data) if name != "schema_version" else False
        assert by_types is validator.is_valid(data), name


def _accepts(data: dict[str, Any]) -> bool:
    try:
        msgspec.convert(data, Run)
    except msgspec.ValidationError as error:
        return "missing required field" not in str(error)
    return True


def test_a_record_without_a_name_is_called_by_its_usual_one() -> None:
    with pytest.raises(RecordError, match=r"^run\.json#/"):
        decode_run(b"{}")
