"""Carrying out what waits: devices taken, workers started, their ends taken in, until nothing is left to do."""

from __future__ import annotations

import fcntl
import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from assay.campaign.grid.campaign import Campaign
from assay.campaign.manifest.events import Events
from assay.campaign.manifest.manifest import Manifest
from assay.campaign.manifest.place import NOW, SOON, Place
from assay.campaign.manifest.states import Row, State
from assay.campaign.running.devices import DeviceLock, Holder
from assay.campaign.running.order import WorkOrder, run_id
from assay.campaign.running.rest import Rests
from assay.campaign.running.taking_in import Intake, result_file
from assay.campaign.running.worker_process import Ending, Worker
from assay.errors import StoreError
from assay.measure.target.stop import StopRequests
from assay.store import Store
from assay.store.durable import make_folder, storage

_LOOK_S = 0.25
"""How often devices that others hold, and wishes to stop, are looked at."""


class Sitting:
    """One process that carries a campaign out; there is never a second one at the same time."""

    def __init__(self, campaign: Campaign, store: Store, place: Place) -> None:
        self.campaign = campaign
        self._store = store
        self._place = place
        for folder in (place.folder, place.results, place.logs):
            with storage("begin a campaign", folder):
                store.layout.create()
                make_folder(folder)
        self._lock = _hold(place.folder / "campaign.lock")
        place.wish.unlink(missing_ok=True)
        self.manifest = Manifest.create(place.manifest)
        self.events = Events(place.events)
        self._intake = Intake(self.manifest, self.events, store, place.results, campaign.attempts)
        self._rests = Rests(campaign, self.events)
        self._cells = {cell.id: cell for cell in campaign.cells}
        self._workers: dict[str, Worker] = {}
        self._orphans: set[str] = set()
        self._asked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.manifest.close()
        self.events.close()
        os.close(self._lock)

    def plan(self, *, again: bool = False) -> None:
        """Take the file in, and give held groups another chance; ``again`` gives it to failed experiments, too."""
        self.manifest.plan(self.campaign)
        self.manifest.forgive()
        if again:
            self.manifest.retry()
        self.events.add("planned", file=str(self.campaign.file), sha256=self.campaign.sha256)

    def carry_out(self, shown: Callable[[], None], *, fence: bool = False) -> bool:
        """Work until nothing is left that may be tried; whether that was reached, and not a request to stop."""
        with StopRequests() as stop:
            self.events.add("begun", pid=os.getpid())
            while True:
                wish = self._wish(stop)
                self._settle_orphans(fence=fence)
                self._settle_workers()
                if wish is None:
                    self._start_workers()
                elif wish == NOW:
                    self._interrupt(max(1, stop.count))
                shown()
                if not self._workers and (wish is not None or not self._is_left()):
                    break
                self._wait(stop)
            stop.take()
        self.events.add("stopped" if wish is not None else "ended", wish=wish)
        self._place.wish.unlink(missing_ok=True)
        return wish is None

    def held_groups(self) -> dict[str, str]:
        """Groups that failed too often one after another, with the last reason."""
        if not self.campaign.breaker:
            return {}
        found = self.manifest.breakers().items()
        return {group: reason for group, (failures, reason) in found if failures >= self.campaign.breaker}

    def _wish(self, stop: StopRequests) -> str | None:
        if stop.take():
            return NOW
        try:
            return self._place.wish.read_text(encoding="ascii").strip() or SOON
        except (OSError, ValueError):
            return None

    def _settle_orphans(self, *, fence: bool) -> None:
        """Take in what an earlier process began, as soon as its device is free; until then it is left to it."""
        ours = {worker.order.experiment for worker in self._workers.values()}
        running = [row for row in self.manifest.rows(State.RUNNING) if row.id not in ours]
        for row in running:
            with DeviceLock(str(row.device)) as lock:
                holder = lock.holder()
                is_its = holder is not None and (holder.experiment, holder.generation) == (row.id, row.generation)
                if fence and is_its and not lock.acquire() and lock.fence():
                    self.events.add("fenced", experiment=row.id, device=row.device, generation=row.generation)
                if lock.acquire() or not is_its:
                    self._intake.take(row, Ending(reason="what made it was killed"))
                elif row.id not in self._orphans:
                    self._orphans.add(row.id)
                    self.events.add("orphan", experiment=row.id, device=row.device, generation=row.generation)

    def _settle_workers(self) -> None:
        for device, worker in list(self._workers.items()):
            if not worker.has_ended():
                continue
            ending = worker.end()
            del self._workers[device]
            self._rests.ended(device, worker.order.cycle)
            # A worker that was killed alone leaves what it measured running: an orphan, which keeps the device.
            if _is_free(device):
                self._intake.take(self.manifest.row(worker.order.experiment), ending)

    def _start_workers(self) -> None:
        held = tuple(self.held_groups())
        for device in self.campaign.devices:
            cycle = self.manifest.open_cycle(held)
            if device in self._workers or cycle is None:
                continue
            row = self.manifest.next_for(device, held, cycle)
            if row is None or not self._rests.is_over(device, row.cycle):
                continue
            with DeviceLock(device) as lock:
                if lock.acquire():
                    self._workers[device] = self._start(row, lock)

    def _start(self, row: Row, lock: DeviceLock) -> Worker:
        device = lock.device
        generation = row.generation + 1
        # Before the manifest says that it runs: whoever finds it running and the device's lock in other hands may
        # conclude that it has ended.
        lock.write(Holder(campaign=self.campaign.name, experiment=row.id, generation=generation, pid=os.getpid()))
        run = run_id(time.time_ns() // 1_000_000, self._place.folder.name, row.id, generation)
        row = self.manifest.begin(row, device, run)
        self.events.add(
            "started", experiment=row.id, cell=row.label, cycle=row.cycle, generation=row.generation, device=device
        )
        order = WorkOrder(
            store=self._store.location,
            campaign=self.campaign.name,
            experiment=row.id,
            generation=row.generation,
            label=row.label,
            cycle=row.cycle,
            run=run,
            settings=self._cells[row.cell].settings,
            variables=self.campaign.devices[device],
            device=device,
            lock=lock.descriptor if lock.descriptor is not None else -1,
            result=str(result_file(self._place.results, row)),
        )
        return Worker(order, lock, self._place.logs / f"{row.id}.{row.generation}.log")

    def _is_left(self) -> bool:
        return self.manifest.open_cycle(self.held_groups()) is not None

    def _interrupt(self, times: int) -> None:
        """Ask workers to stop, once for every request: who is asked twice has no more patience."""
        if times > self._asked:
            self._asked = times
            for worker in self._workers.values():
                worker.interrupt()

    def _wait(self, stop: StopRequests) -> None:
        """Until a worker ends, a request to stop comes, or it is time to look again."""
        poll = select.poll()
        poll.register(stop.descriptor, select.POLLIN)
        for worker in self._workers.values():
            poll.register(worker.news, select.POLLIN)
        for descriptor, _ in poll.poll(_LOOK_S * 1e3):
            if descriptor == stop.descriptor:
                os.eventfd_read(stop.descriptor)


def _is_free(device: str) -> bool:
    with DeviceLock(device) as lock:
        return lock.acquire()


def _hold(file: Path) -> int:
    """The lock of the campaign itself, which no worker inherits."""
    with storage("lock a campaign", file):
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        remedy = "watch it with `assay campaign status FILE --watch`, or end it with `assay campaign stop FILE`"
        raise StoreError("this campaign is being carried out by another process", remedy=remedy) from error
    return descriptor
