"""The documented ways in which a record can be wrong: what is changed in the sample, and what the refusal says."""

from __future__ import annotations

import copy
import json
from enum import StrEnum
from typing import Any

from assay.record.base import Record


class DocumentVariation(Record, kw_only=True):
    """One change to the sample's run.json."""

    id: str
    """Stable name."""
    what: str
    """What is changed, in words."""
    pointer: str
    """JSON pointer of the place."""
    value: str | None
    """JSON text that stands there instead; null where the field is removed."""
    message: str
    """Part of the refusal, which names the place too."""


class Damage(StrEnum):
    """What is done to a file."""

    CHANGED = "changed"
    TRUNCATED = "truncated"
    REMOVED = "removed"
    ADDED = "added"
    LINKED = "linked"
    REPLACED = "replaced"


class FileVariation(Record, kw_only=True):
    """One change to a file of the sample."""

    id: str
    """Stable name."""
    what: str
    """What is changed, in words."""
    file: str
    """Path in the run's folder."""
    damage: Damage
    """What is done."""
    relisted: bool = False
    """Whether the record is given the damaged file's size and hash, so that only its content is wrong."""
    message: str
    """Part of the refusal."""


def _of(name: str, what: str, pointer: str, value: str | None, message: str) -> DocumentVariation:
    return DocumentVariation(id=name, what=what, pointer=pointer, value=value, message=message)


DOCUMENT_VARIATIONS: tuple[DocumentVariation, ...] = (
    _of("version-missing", "The version is missing.", "/schema_version", None, "is a required property"),
    _of("version-newer", "The version is a later one.", "/schema_version", '"9.0.0"', "read it with a newer Assay"),
    _of("version-older", "The version is an earlier one.", "/schema_version", '"2.0.0"', "assay runs migrate"),
    _of("field-unknown", "There is a field that the format does not have.", "/notes", '"x"', "there is no such field"),
    _of("field-missing", "A required field is missing.", "/plan", None, "a required field is missing"),
    _of("field-missing-inside", "One is missing further in.", "/environment/cpu/model", None, "required field"),
    _of("type-wrong", "Text stands where a number belongs.", "/clock/start_ns", '"0"', "expected int, got str"),
    _of("number-not-whole", "A fraction stands where things are counted.", "/series/0/rows", "1.5", "expected int"),
    _of("number-negative", "A count is negative.", "/series/0/size_bytes", "-1", "expected int >= 0"),
    _of("number-too-large", "A count is larger than 64 bits.", "/series/0/rows", "9223372036854775808", "<="),
    _of("number-infinite", "A number is larger than any number.", "/metrics/0/value/value", "1e999", "out of range"),
    _of("number-nan", "A number is NaN.", "/metrics/0/value/value", "NaN", "malformed"),
    _of("id-not-ulid", "The id is no ULID.", "/id", '"run-1"', ">= 26"),
    _of("id-newline", "The id ends in a new line.", "/id", '"01JCZX5T00ABCDEFGHJKMNPQR\\n"', "a ULID"),
    _of("time-without-zone", "The time has no zone.", "/created", '"2024-11-19T12:00:00"', "not in UTC"),
    _of("time-not-utc", "The time is in another zone.", "/created", '"2024-11-19T12:00:00+01:00"', "not in UTC"),
    _of("time-order", "The end lies before the start.", "/clock/end_ns", "0", "the end lies before the start"),
    _of("enumeration", "The backend is not one of the list.", "/plan/target/backend", '"cuda"', "'cuda'"),
    _of("precision", "The precision is not one of the list.", "/plan/target/precision", '"fp7"', "'fp7'"),
    _of("status-reason", "A failed run gives no reason.", "/status", '"failed"', "a reason is given exactly when"),
    _of("null-unexplained", "A null has no reason.", "/environment/absent", "[]", "null without a reason"),
    _of("explained-value", "A reason explains what is no null.", "/software/compiler", '"gcc"', "is not null"),
    _of("origin-missing", "A number has no origin.", "/metrics/0/value/origin", None, "required field"),
    _of("origin-unknown", "A number's origin is none of the four.", "/metrics/0/value/origin", '"guessed"', "guessed"),
    _of("origin-bare", "A number stands alone.", "/metrics/0/value", "2.0", "expected object, got float"),
    _of(
        "origin-not-allowed",
        "A metric that is measured is estimated.",
        "/metrics/0/value",
        '{"origin": "estimated", "value": 2.0, "model": "guess"}',
        "wall_s is measured, never estimated",
    ),
    _of(
        "missing-without-reason",
        "A missing number gives no reason.",
        "/metrics/0/value",
        '{"origin": "missing", "value": null}',
        "required field",
    ),
    _of("metric-unknown", "A metric is not registered.", "/metrics/0/name", '"speed"', "there is no metric 'speed'"),
    _of("device-unknown", "A row names a device that is not listed.", "/steps/0/device", '"gpu:7"', "not listed"),
    _of("device-twice", "Two devices have one id.", "/devices/1/id", '"cpu:0"', "listed twice"),
    _of("percentile-unexplained", "A percentile is null without a reason.", "/steps/0/wall/p50_ns", "null", "reason"),
    _of(
        "duration-order", "The longest call is shorter than the shortest.", "/steps/0/wall/max_ns", "1", "does not hold"
    ),
    _of("path-absolute", "A file's path is absolute.", "/artifacts/0/file", '"/etc/passwd"', "a relative path"),
    _of("path-parent", "A file's path leaves the folder.", "/artifacts/0/file", '"raw/../../x"', "a relative path"),
    _of("path-empty-part", "A file's path has an empty part.", "/artifacts/0/file", '"raw//x"', "a relative path"),
    _of("path-of-record", "A file's path is that of the record.", "/artifacts/0/file", '"run.json"', "another file"),
    _of("path-twice", "A file is listed twice.", "/artifacts/0/file", '"spans.parquet"', "another file"),
    _of("hash-short", "A hash is too short.", "/artifacts/0/sha256", '"ab"', ">= 64"),
    _of("hash-capitals", "A hash has capitals.", "/artifacts/0/sha256", f'"{"AB" * 32}"', "lower-case hexadecimal"),
    _of("name-control", "A name holds a control character.", "/devices/0/name", '"\\u001b[2J"', "control characters"),
    _of("name-empty", "A name is empty.", "/devices/0/name", '""', ">= 1"),
    _of("text-nul", "A text holds NUL.", "/plan/target/argv/0", '"a\\u0000b"', "without NUL"),
    _of("nested-too-deep", "A field is nested without end.", "/plan/target/name", "[" * 500 + "]" * 500, "got array"),
)
"""Every documented way in which run.json can be wrong."""

FILE_VARIATIONS: tuple[FileVariation, ...] = (
    FileVariation(
        id="file-changed",
        what="A byte of a raw file is another.",
        file="raw/rusage/usage.json",
        damage=Damage.CHANGED,
        message="has another SHA-256",
    ),
    FileVariation(
        id="file-truncated",
        what="A raw file lost its end.",
        file="raw/rusage/usage.json",
        damage=Damage.TRUNCATED,
        message="bytes, not",
    ),
    FileVariation(
        id="file-removed",
        what="A listed file is not there.",
        file="raw/rusage/usage.json",
        damage=Damage.REMOVED,
        message="No such file",
    ),
    FileVariation(
        id="file-unlisted",
        what="A file is there that the record does not list.",
        file="raw/extra.txt",
        damage=Damage.ADDED,
        message="does not list this file",
    ),
    FileVariation(
        id="file-linked",
        what="A listed file is a link.",
        file="raw/rusage/usage.json",
        damage=Damage.LINKED,
        message="a link, where only files may be",
    ),
    FileVariation(
        id="series-truncated",
        what="A Parquet file lost its end, and the record was made to match.",
        file="spans.parquet",
        damage=Damage.TRUNCATED,
        relisted=True,
        message="not a Parquet file",
    ),
    FileVariation(
        id="series-not-parquet",
        what="A series is no Parquet file, and the record was made to match.",
        file="spans.parquet",
        damage=Damage.REPLACED,
        relisted=True,
        message="not a Parquet file",
    ),
)
"""Every documented way in which a run's files can be wrong."""


def vary(document: dict[str, Any], variation: DocumentVariation) -> str:
    """The document's JSON text with one variation."""
    changed = copy.deepcopy(document)
    *parents, last = variation.pointer.split("/")[1:]
    place: Any = changed
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    key: Any = int(last) if isinstance(place, list) else last
    marker = f"<{variation.id}>"
    if variation.value is None:
        del place[key]
    else:
        place[key] = marker
    return json.dumps(changed).replace(json.dumps(marker), variation.value or "")
