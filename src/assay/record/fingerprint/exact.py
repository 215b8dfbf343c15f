"""Exact fingerprints: SHA-256 over the canonical JSON of the facts that make a workload, a configuration, a machine.

Canonical: ASCII JSON of one object, keys sorted, no white space, shortest form of every number; a key is the fact's
place with rows named by what tells them apart. A fact that is not known is null and counts as such: unknown equals
unknown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from assay.record.environment import Environment
from assay.record.fingerprint.groups import ROW_KEYS, SETS, Group, group_of
from assay.record.fingerprint.signature import signatures
from assay.record.plan import Plan, Software
from assay.record.rows import StepRow
from assay.record.run import Fingerprints, Run

_MEMORY_STEP_BYTES = 64 << 20
"""The kernel's own reservation moves total memory by some megabytes between boots."""


def fingerprint(plan: Plan, software: Software, environment: Environment, steps: Iterable[StepRow]) -> Fingerprints:
    """Both fingerprints of a run from its parts."""
    facts = dict(_facts({"plan": plan, "software": software, "environment": environment}))
    hashes = {
        group: _sha256({f"{path}|{rows}": value for (path, rows), value in facts.items() if group_of(path) is group})
        for group in (Group.WORKLOAD, Group.CONFIGURATION, Group.MACHINE)
    }
    return Fingerprints(
        workload_sha256=hashes[Group.WORKLOAD],
        configuration_sha256=hashes[Group.CONFIGURATION],
        machine_sha256=hashes[Group.MACHINE],
        exact_sha256=_sha256(hashes),
        statistical=signatures(steps),
    )


def same_workload(a: Run, b: Run) -> bool:
    """Whether the same target was asked to do the same."""
    return a.fingerprints.workload_sha256 == b.fingerprints.workload_sha256


def same_configuration(a: Run, b: Run) -> bool:
    """Whether both were set up and measured in the same way."""
    return a.fingerprints.configuration_sha256 == b.fingerprints.configuration_sha256


def same_machine(a: Run, b: Run) -> bool:
    """Whether both ran on the same kind of machine in the same state of software."""
    return a.fingerprints.machine_sha256 == b.fingerprints.machine_sha256


def row_names(field: str, rows: Sequence[Any]) -> list[str]:
    """One name per row of a table: its key, numbered where several rows share it, or its place where it has none."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows):
        name = _row_name(field, number, row)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def _row_name(field: str, number: int, row: Any) -> str:
    if isinstance(row, dict) and field in ROW_KEYS:
        return json.dumps([row.get(key) for key in ROW_KEYS[field]])
    return json.dumps(row) if field in SETS else str(number)


def _facts(parts: dict[str, Any]) -> Iterator[tuple[tuple[str, str], Any]]:
    waiting: list[tuple[str, str, Any]] = [("", "", msgspec.to_builtins(parts))]
    while waiting:
        path, rows, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{path}/{key}", rows, item) for key, item in value.items()]
        elif isinstance(value, list | tuple) and _is_table(path, value):
            names = row_names(path.rpartition("/")[2], value)
            waiting += [(path, f"{rows}/{name}", item) for name, item in zip(names, value, strict=True)]
        else:
            yield (path, rows), _rounded(path, value)


def _is_table(path: str, value: Sequence[Any]) -> bool:
    field = path.rpartition("/")[2]
    return bool(value) and (field in SETS or field in ROW_KEYS)


def _rounded(path: str, value: Any) -> Any:
    if path == "/environment/memory/total_bytes" and value is not None:
        return round(value / _MEMORY_STEP_BYTES)
    return value


def _sha256(facts: dict[Any, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
