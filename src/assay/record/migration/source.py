"""Reading a version-2 file strictly: what it is, which version it says, and its experiments one by one."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from assay.errors import RecordError
from assay.record.base import Record
from assay.record.codec import RUN_BYTES_MAX, Fault, as_error
from assay.record.codec.strictness import duplicate_key, place_of, unreadable
from assay.record.run import SCHEMA_VERSION

VERSION = "2.0.0"

_KNOWN = frozenset({"2", "2.0", VERSION})
_DEPTH_MAX = 32
_RAW = frozenset({"inference_metrics", "energy_metrics"})
_AGGREGATED = frozenset({"process_results", "aggregation", "total_energy_j", "total_inference_time_sec"})
_REMEDY = "give the result file as the older tool wrote it"


class Experiment(Record, kw_only=True):
    """One experiment of a file: the whole document, or one of its cycles."""

    pointer: str
    """JSON pointer of the object in the file; empty for the whole document."""
    fields: dict[str, Any]
    """The object."""
    raw: bool
    """Whether it is one process's own result, not an aggregate over processes."""

    def processes(self) -> list[dict[str, Any]]:
        """Results of single processes in it; for one process's own result, itself."""
        if self.raw:
            return [self.fields]
        found = self.fields.get("process_results")
        return [item if isinstance(item, dict) else {} for item in found] if isinstance(found, list) else []


class Source(Record, kw_only=True):
    """A version-2 file."""

    sha256: str
    """Hash of its bytes."""
    version: str
    """The version it states, or that of its shape."""
    document: dict[str, Any]
    """All of it."""
    experiments: tuple[Experiment, ...]
    """What it holds, in order: one, or one per cycle."""


def read_source(data: bytes, where: str) -> Source:
    """The file's content, refused unless every byte of it is understood as JSON and its version is known."""
    document = _parsed(data, where)
    if not isinstance(document, dict):
        raise as_error(Fault(what="not a result file: no object", remedy=_REMEDY), where)
    version = _checked_version(document, "", where)
    cycles = document.get("cycles")
    if isinstance(cycles, list) and cycles:
        found = tuple(_experiment(item, f"/cycles/{number}", where) for number, item in enumerate(cycles))
    else:
        found = (_experiment(document, "", where),)
    return Source(sha256=hashlib.sha256(data).hexdigest(), version=version, document=document, experiments=found)


def _experiment(fields: Any, pointer: str, where: str) -> Experiment:
    if isinstance(fields, dict):
        _checked_version(fields, pointer, where)
        if fields.keys() & _AGGREGATED:
            return Experiment(pointer=pointer, fields=fields, raw=False)
        if fields.keys() & _RAW:
            return Experiment(pointer=pointer, fields=fields, raw=True)
    raise as_error(Fault(what="this has not the shape of a version-2 result", pointer=pointer, remedy=_REMEDY), where)


def _checked_version(fields: dict[str, Any], pointer: str, where: str) -> str:
    version = fields.get("schema_version", VERSION)
    if isinstance(version, str) and version in _KNOWN:
        return version
    if version == SCHEMA_VERSION:
        what, remedy = f"version {SCHEMA_VERSION} already", "there is nothing to migrate"
    else:
        what, remedy = f"version {str(version)[:40]!r} is not known here", "migrate it with a newer Assay"
    raise as_error(Fault(what=what, pointer=f"{pointer}/schema_version", remedy=remedy), where)


def _parsed(data: bytes, where: str) -> Any:
    fault = _too_large(data) or unreadable(data)
    if fault is None:
        try:
            document = json.loads(data, parse_constant=_not_a_number, parse_float=_finite, parse_int=_whole)
            fault = duplicate_key(data) or _too_deep(document)
        except json.JSONDecodeError as error:
            place = place_of(data, len(error.doc[: error.pos].encode()))
            fault = Fault(what=f"not JSON: {error.msg} (line {error.lineno})", pointer=place)
        except RecordError as error:
            fault = Fault(what=error.what, remedy=error.remedy)
        except RecursionError:
            fault = Fault(what="nested deeper than any result")
    if fault is not None:
        raise as_error(fault, where)
    return document


def _too_large(data: bytes) -> Fault | None:
    if len(data) <= RUN_BYTES_MAX:
        return None
    return Fault(what=f"{len(data)} bytes are more than the {RUN_BYTES_MAX} that are read", remedy=_REMEDY)


def _not_a_number(token: str) -> float:
    raise RecordError(f"{token} is no number of JSON", remedy=_REMEDY)


def _finite(token: str) -> float:
    number = float(token)
    if not math.isfinite(number):
        raise RecordError(f"{token[:40]} is larger than any number can be", remedy=_REMEDY)
    return number


def _whole(token: str) -> int:
    if len(token) > 20 or not -(2**63) <= int(token) < 2**63:
        raise RecordError(f"{token[:40]} is larger than 64 bits hold", remedy=_REMEDY)
    return int(token)


def _too_deep(document: Any) -> Fault | None:
    level, depth = [document], 0
    while level := [inner for item in level for inner in _inside(item)]:
        depth += 1
        if depth > _DEPTH_MAX:
            return Fault(what=f"nested deeper than {_DEPTH_MAX} levels", remedy=_REMEDY)
    return None


def _inside(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []
