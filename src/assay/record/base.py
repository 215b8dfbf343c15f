"""The base of every type that crosses rooms, and the value that knows where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from operator import attrgetter
from typing import Annotated, ClassVar, dataclass_transform

import msgspec
from msgspec import Meta

from assay.record.words.escape import plain

INT64_MAX = 2**63 - 1
TEXT_CHARACTERS = 65536

# Patterns end in ``$(?!\n)``: Python's ``$`` also matches before a final newline, JSON Schema's does not.
_PRINTABLE = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$(?!\\n)"
_WITHOUT_NUL = "^[^\\u0000]*$(?!\\n)"
_SHA256 = "^[0-9a-f]{64}$(?!\\n)"
_ULID = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$(?!\\n)"
_PATH = "^[A-Za-z0-9_][A-Za-z0-9_.@+=-]*(/[A-Za-z0-9_][A-Za-z0-9_.@+=-]*)*$(?!\\n)"
_POINTER = "^(/[^\\u0000]*)?$(?!\\n)"

MEANINGS: dict[str, str] = {
    _PRINTABLE: "text of one line without control characters",
    _WITHOUT_NUL: "text without NUL",
    _SHA256: "64 lower-case hexadecimal digits",
    _ULID: "a ULID of 26 characters",
    _PATH: "a relative path without empty, hidden or '..' parts",
    _POINTER: "a JSON pointer",
}
"""What each pattern asks for, in words."""

Whole = Annotated[int, Meta(ge=-(2**63), le=INT64_MAX)]
"""Any whole number that 64 bits hold."""
Count = Annotated[int, Meta(ge=0, le=INT64_MAX)]
"""A whole number of things: calls, bytes, nanoseconds that passed."""
Instant = Annotated[int, Meta(ge=-INT64_MAX, le=INT64_MAX)]
"""Nanoseconds on a named clock."""
Ratio = Annotated[float, Meta(ge=0.0, le=1.0)]
Name = Annotated[str, Meta(pattern=_PRINTABLE, min_length=1, max_length=512)]
"""One line without control characters."""
Text = Annotated[str, Meta(pattern=_WITHOUT_NUL, max_length=TEXT_CHARACTERS)]
"""Any text; whoever shows it escapes it for the medium."""
Sha256 = Annotated[str, Meta(pattern=_SHA256, min_length=64, max_length=64)]
Ulid = Annotated[str, Meta(pattern=_ULID, min_length=26, max_length=26)]
RelativePath = Annotated[str, Meta(pattern=_PATH, min_length=1, max_length=1024)]
"""A path inside the run's folder: parts between '/', none empty, hidden, ``.`` or ``..``."""
Pointer = Annotated[str, Meta(pattern=_POINTER, max_length=1024)]
"""A JSON pointer to a field."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Immutable, keyword-only, strict: a field that is not declared is an error, in code and in JSON.

    Nothing frozen can become part of a cycle, so the collector of cycles is spared looking (``gc=False``).
    """


class Measured(Record, kw_only=True, tag="measured", tag_field="origin"):
    """A number that an instrument gave."""

    value: float
    """The number, in the unit that the field's or metric's name states."""
    by: Name
    """The collector or clock that gave it, for example ``rusage`` or ``nvml:total_energy``."""
    low: float | None = None
    """Lower end of the 95 % interval, where the method states one."""
    high: float | None = None
    """Upper end of the 95 % interval, where the method states one."""


class Derived(Record, kw_only=True, tag="derived", tag_field="origin"):
    """A number computed from other numbers of the same record."""

    value: float
    """The number, in the unit that the field's or metric's name states."""
    sources: Annotated[tuple[Name, ...], Meta(min_length=1)]
    """The fields or metrics it was computed from."""
    low: float | None = None
    """Lower end of the 95 % interval, where the method states one."""
    high: float | None = None
    """Upper end of the 95 % interval, where the method states one."""


class Estimated(Record, kw_only=True, tag="estimated", tag_field="origin"):
    """A number that a model gave; never shown as a measurement."""

    value: float
    """The number, in the unit that the field's or metric's name states."""
    model: Name
    """The model behind it, for example ``tdp-times-utilisation``."""
    low: float | None = None
    """Lower end of the 95 % interval, where the model states one."""
    high: float | None = None
    """Upper end of the 95 % interval, where the model states one."""


class Missing(Record, kw_only=True, tag="missing", tag_field="origin"):
    """A number that was not obtained. It is null, never zero, and it says why."""

    reason: Name
    """Why there is no number, and where possible how to get it."""
    value: None = None
    """Always null."""


Quantity = Measured | Derived | Estimated | Missing
"""A number with its origin, or null with its reason: one can't be written without the other."""


def origin_of(quantity: Quantity) -> str:
    """The origin as the record writes it: ``measured``, ``derived``, ``estimated`` or ``missing``."""
    return str(type(quantity).__struct_config__.tag)


def one_line(text: str) -> str:
    """The text as a ``Name``: what a name may not hold is escaped, and it is cut to length; never empty."""
    return plain(text[:512])[:512] or "?"


_PLAIN = (
    msgspec.inspect.NoneType,
    msgspec.inspect.BoolType,
    msgspec.inspect.IntType,
    msgspec.inspect.FloatType,
    msgspec.inspect.StrType,
    msgspec.inspect.EnumType,
    msgspec.inspect.LiteralType,
    msgspec.inspect.DateTimeType,
)


class Absent(Record, kw_only=True):
    """One fact that could not be had."""

    field: Pointer
    """JSON pointer of the null, relative to the section that lists it."""
    reason: Name
    """Why it is null."""


class SelfChecked(Record, kw_only=True):
    """A section whose nulls are all explained: each null has one entry in ``absent``, and no other field has.

    Checked when the section is made and when it is read.
    """

    MAY_BE_NULL: ClassVar[frozenset[str]] = frozenset()
    """Field names whose null is an answer of its own, not a gap."""

    absent: tuple[Absent, ...] = ()
    """The reason for every null of this section."""

    def __post_init__(self) -> None:
        nulls = set(_null_pointers(self, self.MAY_BE_NULL))
        explained = {entry.field for entry in self.absent}
        if nulls - explained:
            raise ValueError(f"null without a reason in `absent`, at {min(nulls - explained)}")
        if explained - nulls:
            raise ValueError(f"`absent` explains a field that is not null, at {min(explained - nulls)}")
        if len(explained) != len(self.absent):
            raise ValueError("`absent` explains one field twice, at /absent")


def _null_pointers(value: tuple[object, ...] | msgspec.Struct, may_be_null: frozenset[str]) -> Iterator[str]:
    """JSON pointers of the nulls below; text is put together only where one is found, since tables are long."""
    parts: Iterable[tuple[object, object]]
    if isinstance(value, tuple):
        parts = enumerate(value)
    else:
        names, values_of, _ = _fields(type(value), may_be_null)
        parts = zip(names, values_of(value), strict=True)
    for part, item in parts:
        if item is None:
            yield f"/{part}"
        elif isinstance(item, tuple) or (isinstance(item, msgspec.Struct) and not _is_filled(item, may_be_null)):
            for pointer in _null_pointers(item, may_be_null):
                yield f"/{part}{pointer}"


def _is_filled(value: msgspec.Struct, may_be_null: frozenset[str]) -> bool:
    """Whether it holds neither nulls nor anything that could."""
    _, values_of, flat = _fields(type(value), may_be_null)
    return flat and None not in values_of(value)


@cache
def _fields(
    kind: type[msgspec.Struct], may_be_null: frozenset[str]
) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]], bool]:
    """The fields that count, how their values are had at once, and whether none of them holds others."""
    fields = [field for field in msgspec.inspect.type_info(kind).fields if field.name not in may_be_null | {"absent"}]  # type: ignore[attr-defined]
    names = tuple(field.name for field in fields)
    flat = all(_is_plain(field.type) for field in fields)
    if len(names) > 1:
        return names, attrgetter(*names), flat
    return names, lambda value: tuple(getattr(value, name) for name in names), flat


def _is_plain(kind: msgspec.inspect.Type) -> bool:
    """Whether values of the type hold nothing."""
    if isinstance(kind, msgspec.inspect.UnionType):
        return all(_is_plain(option) for option in kind.types)
    return isinstance(kind, _PLAIN)
