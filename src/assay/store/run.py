"""A sealed run: its record, its numbers and its files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Unpack

from assay.errors import AssayError, RecordError, StoreError
from assay.record.base import Quantity
from assay.record.codec import decode_run
from assay.record.enums import Phase
from assay.record.run import Artifact, Run, Series
from assay.store.durable import digest_inside, open_inside, read_inside, storage
from assay.store.layout import RECORD_FILE, is_ulid
from assay.store.scratch import scratch_beside

if TYPE_CHECKING:
    import pyarrow as pa

    from assay.store.spans.percentiles import PercentileRow
    from assay.store.spans.reader import Where


class StoredRun:
    """A sealed run in its folder. The record is read and checked when it is first used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __repr__(self) -> str:
        return f"StoredRun({str(self.folder)!r})"

    @property
    def id(self) -> str:
        """The run's id."""
        return self.folder.name

    @cached_property
    def record(self) -> Run:
        """The whole record, validated."""
        with storage("read a run", self.folder):
            data = read_inside(self.folder, RECORD_FILE)
        run = decode_run(data, where=str(self.folder / RECORD_FILE))
        if is_ulid(self.folder.name) and run.id != self.folder.name:
            raise RecordError(f"holds the record of run {run.id}", where=str(self.folder), remedy="restore the folder")
        return run

    @cached_property
    def metrics(self) -> Mapping[str, Quantity]:
        """Numbers of the whole run by registered name; those of one device or phase are in ``record.metrics``."""
        whole = [metric for metric in self.record.metrics if metric.device is None]
        by_rank = sorted(whole, key=lambda metric: metric.phase is Phase.NONE)
        return MappingProxyType({metric.name: metric.value for metric in by_rank})

    def spans(self, columns: Sequence[str] | None = None, **where: Unpack[Where]) -> pa.Table:
        """Timed spans as an Arrow table, all columns by default; ``step``, ``layer``, ``tokens`` … narrow it."""
        from assay.store.spans.reader import read_spans

        return read_spans(self.folder, columns, **where)

    def samples(self) -> pa.Table:
        """Readings of sensors as an Arrow table."""
        from assay.store.spans.reader import read_samples

        return read_samples(self.folder)

    def percentiles(
        self, by: Sequence[str] = ("step", "layer"), q: Sequence[float] = (0.5, 0.99), *, exact: bool = False
    ) -> tuple[PercentileRow, ...]:
        """Quantiles of the spans' wall time per cell: from the histograms, or ``exact`` from the spans themselves."""
        from assay.store.spans.percentiles import percentiles

        with scratch_beside(self.folder) as scratch:
            return percentiles(self.folder, by, q, exact=exact, temporary=scratch)

    def file(self, name: str) -> Path:
        """Path of one of the run's files, by its path in the record."""
        if name not in {item.file for item in self._listed()}:
            raise StoreError(f"the run has no file {name!r}", where=self.id, remedy="see its `artifacts` and `series`")
        with storage("open a file of a run", self.folder):
            os.close(open_inside(self.folder, name))
        return self.folder / name

    def problems(self) -> Iterator[str]:
        """What is wrong with the run's files: nothing, for a run that is whole."""
        try:
            listed = list(self._listed())
        except AssayError as error:
            yield str(error)
            return
        for item in listed:
            if problem := self._problem_of(item):
                yield f"{self.folder / item.file}: {problem}"

    def _listed(self) -> tuple[Series | Artifact, ...]:
        return (*self.record.series, *self.record.artifacts)

    def _problem_of(self, item: Series | Artifact) -> str:
        try:
            size, sha256 = digest_inside(self.folder, item.file)
        except (OSError, RecordError) as error:
            return str(error)
        if size != item.size_bytes:
            return f"{size} bytes, {item.size_bytes} were recorded"
        return "" if sha256 == item.sha256 else "its SHA-256 is not the recorded one"
