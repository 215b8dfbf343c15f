"""What every type of the record keeps to: frozen, strict, documented, and read back as it was written."""

from __future__ import annotations

import msgspec
import pytest

from assay.record.base import Record
from assay.record.run import Run
from assay.record.schema import field_docs
from tests.makers import filled, make_run


def _types_below(value: object) -> set[type[msgspec.Struct]]:
    """The types of all records in a value in which every section is filled."""
    if isinstance(value, msgspec.Struct):
        inner = [getattr(value, name) for name in value.__struct_fields__]
        return {type(value)}.union(*map(_types_below, inner))
    return set().union(*map(_types_below, value)) if isinstance(value, tuple) else set()


TYPES = sorted(_types_below(make_run()), key=lambda kind: kind.__name__)


def test_the_made_run_fills_every_section() -> None:
    assert len(TYPES) > 35
    assert all(getattr(make_run(), name) != () for name in Run.__struct_fields__ if name != "migration")


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.__name__))
def test_a_type_is_frozen_strict_and_documented(kind: type[msgspec.Struct]) -> None:
    assert issubclass(kind, Record)
    config = kind.__struct_config__
    assert (config.frozen, config.forbid_unknown_fields) == (True, True)
    assert kind.__doc__
    assert set(kind.__struct_fields__) <= field_docs(kind).keys()


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.__name__))
def test_an_unknown_field_is_refused_in_every_type(kind: type[msgspec.Struct]) -> None:
    (found, *_) = [value for value in _values_below(make_run()) if type(value) is kind]
    document = msgspec.json.decode(msgspec.json.encode(found))
    assert msgspec.convert(document, kind) == found
    with pytest.raises(msgspec.ValidationError, match="unknown field `planted`"):
        msgspec.convert(document | {"planted": 1}, kind)


def _values_below(value: object) -> list[msgspec.Struct]:
    if isinstance(value, msgspec.Struct):
        inner = [getattr(value, name) for name in value.__struct_fields__]
        return [value, *(found for item in inner for found in _values_below(item))]
    return [found for item in value for found in _values_below(item)] if isinstance(value, tuple) else []


def test_the_maker_fills_any_record_by_its_types() -> None:
    for kind in TYPES:
        if kind.__module__.startswith("assay.record.environment") and kind.__name__ != "Environment":
            assert None not in msgspec.structs.astuple(filled(kind))
