"""What a worker is told, and what it tells in the end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from assay.record.base import Record
from assay.record.enums import Status
from assay.record.ids import RANDOM_BYTES, ulid_of

INTERRUPTED = 130
"""Exit status of a worker that was asked to stop."""


class WorkOrder(Record, kw_only=True):
    """One generation of one experiment."""

    store: str
    """Where the run goes."""
    campaign: str
    """Name of the campaign."""
    experiment: str
    generation: int
    label: str
    """Label of the cell, by which the run is found."""
    cycle: int
    run: str
    """Id that the run will have: the same order can never make two runs."""
    settings: Mapping[str, Any]
    """Settings of the experiment."""
    variables: Mapping[str, str]
    """Variables of the device."""
    device: str
    lock: int
    """Descriptor of the device's lock."""
    result: str
    """File that the result is renamed to."""


class Result(Record, kw_only=True):
    """What became of an order."""

    experiment: str
    generation: int
    run: str | None
    """Id of the sealed run; null where there is none."""
    status: Status
    reason: str = ""
    """Why it is not complete."""


def run_id(created_ms: int, key: str, experiment: str, generation: int) -> str:
    """The id of the run of a generation: known before it is made, and never another."""
    digest = hashlib.sha256(f"{key}/{experiment}/{generation}".encode()).digest()
    return ulid_of(created_ms, digest[:RANDOM_BYTES])
