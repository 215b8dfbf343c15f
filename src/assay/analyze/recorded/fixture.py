"""A run's evidence in one small file: columns of differences as JSON, compressed; nothing of the machine is named."""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.sources import Sources
from assay.analyze.evidence.tables import Table
from assay.errors import RecordError
from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import FILES

SUFFIX = ".json.xz"
_LARGEST_BYTES = 64 << 20
_TIMES = ("time_ns", "start_ns", "end_ns")


def packed(evidence: Evidence, names: Mapping[str, str]) -> bytes:
    """The evidence as a file; beginnings of paths are replaced as ``names`` says, times count from the run's start."""
    document = {
        "wall_ns": evidence.end_ns - evidence.start_ns,
        "root": evidence.root,
        "cores": evidence.cores,
        "tables": {kind: _columns(table, evidence.start_ns, names) for kind, table in sorted(evidence.tables.items())},
        "lives": [_life(life, evidence.start_ns, names) for life in evidence.lives],
        "sources": {_renamed(path, names): text for path, text in sorted(evidence.sources.files.items())},
    }
    text = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    return lzma.compress(text, preset=9 | lzma.PRESET_EXTREME)


def unpacked(path: Path) -> Evidence:
    """The evidence in a file."""
    try:
        content = lzma.LZMADecompressor(memlimit=256 << 20).decompress(path.read_bytes(), max_length=_LARGEST_BYTES)
        document = json.loads(content)
        return Evidence(
            start_ns=0,
            end_ns=document["wall_ns"],
            root=tuple(document["root"]),
            cores=document["cores"],
            tables={kind: _table(kind, columns) for kind, columns in document["tables"].items()},
            lives=tuple(msgspec.convert(life, Life) for life in document["lives"]),
            sources=Sources(document["sources"]),
        )
    except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise RecordError(
            f"is no recorded evidence: {error}"[:300], where=str(path), remedy="record it again"
        ) from None


def _columns(table: Table, start_ns: int, names: Mapping[str, str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, column in table.columns.items():
        values = column - start_ns if name in _TIMES else column
        if values.dtype.kind == "f":
            columns[name] = [None if np.isnan(value) else float(f"{value:.6g}") for value in values.tolist()]
        else:
            columns[name] = np.diff(values.astype(np.int64), prepend=0).tolist()
    words = {name: [_renamed(one, names) for one in known] for name, known in table.names.items()}
    return {"columns": columns, "names": words}


def _table(kind: str, stored: Mapping[str, Any]) -> Table:
    _, schema = FILES[kind]
    columns = {}
    for name in schema.names:
        values = stored["columns"][name]
        is_float = str(schema.field(name).type) == "double"
        columns[name] = np.array(values, dtype=np.float64) if is_float else np.cumsum(np.array(values, dtype=np.int64))
    return Table(columns, {name: tuple(words) for name, words in stored["names"].items()})


def _life(life: Life, start_ns: int, names: Mapping[str, str]) -> dict[str, Any]:
    changed = msgspec.structs.replace(
        life,
        time_ns=life.time_ns - start_ns,
        argv=None,
        executable=None if life.executable is None else _renamed(life.executable, names),
    )
    kept: dict[str, Any] = msgspec.to_builtins(changed)
    return kept


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for before, after in names.items():
        text = text.replace(before, after)
    return text
