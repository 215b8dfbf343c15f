"""The base of every type that crosses rooms, and the value that knows where it comes from."""

from __future__ import annotations

from typing import Annotated, ClassVar, dataclass_transform

import msgspec
from msgspec import Meta

INT64_MAX = 2**63 - 1

Count = Annotated[int, Meta(ge=0, le=INT64_MAX)]
"""A whole number of things: calls, bytes, nanoseconds that passed."""
Instant = Annotated[int, Meta(ge=-INT64_MAX, le=INT64_MAX)]
"""Nanoseconds on a named clock."""
Ratio = Annotated[float, Meta(ge=0.0, le=1.0)]
Name = Annotated[str, Meta(min_length=1, max_length=512)]
Text = Annotated[str, Meta(max_length=65536)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]+$", min_length=64, max_length=64)]
Ulid = Annotated[str, Meta(pattern="^[0-7][0-9A-HJKMNP-TV-Z]+$", min_length=26, max_length=26)]
RelativePath = Annotated[str, Meta(pattern="^[A-Za-z0-9_][A-Za-z0-9_./@+=-]*$", min_length=1, max_length=1024)]
"""A path inside the run's folder, with '/' between its parts; ``..`` and empty parts are refused on read."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, keyword-only, strict: a field that is not declared is an error, in code and in JSON."""


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


class Absent(Record, kw_only=True):
    """One fact that could not be had."""

    field: Annotated[str, Meta(pattern="^/", max_length=512)]
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
        nulls = set(_null_pointers(self, "", self.MAY_BE_NULL))
        explained = {entry.field for entry in self.absent}
        if nulls - explained:
            raise ValueError(f"null without a reason in `absent`: {min(nulls - explained)}")
        if explained - nulls:
            raise ValueError(f"`absent` explains a field that is not null: {min(explained - nulls)}")
        if len(explained) != len(self.absent):
            raise ValueError("`absent` explains one field twice")


def _null_pointers(value: object, pointer: str, may_be_null: frozenset[str]) -> list[str]:
    if value is None:
        return [pointer]
    if isinstance(value, tuple):
        return [found for i, item in enumerate(value) for found in _null_pointers(item, f"{pointer}/{i}", may_be_null)]
    if isinstance(value, msgspec.Struct):
        fields = (name for name in value.__struct_fields__ if name != "absent" and name not in may_be_null)
        return [f for name in fields for f in _null_pointers(getattr(value, name), f"{pointer}/{name}", may_be_null)]
    return []
