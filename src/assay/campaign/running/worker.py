"""The process that makes one experiment: ``python -m assay.campaign.running.worker``, its order on standard input.

It holds the device's lock from its first moment to its last. The run is sealed under an id that the campaign chose, by
a rename that fails where that run is there already; the result is renamed beside the manifest then.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from assay.campaign.running.devices import Holder, write_holder
from assay.campaign.running.order import INTERRUPTED, Result, WorkOrder
from assay.errors import AssayError
from assay.measure.experiment.cycle import Slot, measure_slot
from assay.measure.experiment.spec import check_experiment
from assay.record.enums import Status
from assay.record.plan import Position
from assay.store import open_store
from assay.store.durable import rename_exclusive, write_new

_DEVICE = "ASSAY_DEVICE"


def main() -> int:
    """Carry out the order; the exit status says no more than the result."""
    data = sys.stdin.buffer.read()
    if not data:  # the campaign was killed before it gave an order
        return INTERRUPTED
    order = msgspec.json.decode(data, type=WorkOrder)
    holder = Holder(campaign=order.campaign, experiment=order.experiment, generation=order.generation, pid=os.getpid())
    write_holder(order.lock, holder)
    result = carry_out(order)
    leave(Path(order.result), result)
    return {Status.COMPLETE: 0, Status.INTERRUPTED: INTERRUPTED}.get(result.status, 1)


def carry_out(order: WorkOrder) -> Result:
    """Make the experiment; whatever goes wrong is a result as well."""
    settings = dict(order.settings)
    settings["variables"] = {_DEVICE: order.device, **order.variables, **settings.get("variables", {})}
    settings["name"] = settings.get("name") or order.label
    try:
        experiment = check_experiment(settings)
        position = Position(
            campaign=order.campaign,
            experiment=order.label,
            cycle=order.cycle,
            block=order.cycle,
            session=order.campaign,
            invocation=order.cycle,
        )
        slot = Slot(position=position, ulid=order.run, held=(order.lock,))
        record = measure_slot(experiment, open_store(order.store), slot).record
    except KeyboardInterrupt:
        return _result(order, Status.INTERRUPTED, "stopped on request before the run began")
    except AssayError as error:
        return _result(order, Status.FAILED, str(error))
    return _result(order, record.status, record.status_reason, run=order.run)


def leave(file: Path, result: Result) -> None:
    """Put the result in its place, whole; where there is one already, that one holds."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    write_new(part, msgspec.json.encode(result))
    try:
        rename_exclusive(part, file)
    except FileExistsError:
        part.unlink()


def _result(order: WorkOrder, status: Status, reason: str, run: str | None = None) -> Result:
    return Result(
        experiment=order.experiment, generation=order.generation, run=run, status=status, reason=reason[:4000]
    )


if __name__ == "__main__":
    sys.exit(main())
