"""Stores filled with sealed runs, for tests of what reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from assay.record.enums import Status
from assay.record.plan import Outcome
from assay.store import open_store
from tests.makers import (
    make_clock,
    make_devices,
    make_energy_window,
    make_environment,
    make_flag,
    make_metrics,
    make_ops,
    make_plan,
    make_steps,
)


def fill(folder: Path, *, count: int = 1, spans: int = 0, status: Status = Status.COMPLETE, **plan: Any) -> list[str]:
    """Seal ``count`` runs, oldest first, and return their ids; ``plan`` changes the target."""
    made = make_plan()
    made = msgspec.structs.replace(made, target=msgspec.structs.replace(made.target, **plan))
    store = open_store(folder)
    ids = []
    for _ in range(count):
        with store.draft(made, make_environment()) as draft:
            if spans:
                draft.spans.append(step="Attention", device="cpu:0", start_ns=list(range(spans)), wall_ns=5)
            draft.add(devices=make_devices(), metrics=make_metrics(), ops=make_ops(), steps=make_steps())
            draft.add(energy=(make_energy_window(),), quality=(make_flag(),))
            reason = "" if status is Status.COMPLETE else "made so"
            draft.finish(status=status, outcome=Outcome(exit_code=0), clock=make_clock(), reason=reason)
            ids.append(draft.seal().id)
    return ids
