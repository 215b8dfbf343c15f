"""Finishing what a killed process left: streams that were not converted, parts that were."""

from __future__ import annotations

import re
from pathlib import Path

from assay.record.enums import SeriesKind
from assay.record.run import Series
from assay.store.durable import storage
from assay.store.spans.convert import NO_FLOOR_NS, Converter, part_path, segment_path

_NUMBER = re.compile(r"-([0-9]{5,9})\.(?:arrows|parquet)$")


def finalise(folder: Path) -> tuple[Series, ...]:
    """Series of everything recorded in ``folder``; doing it again gives the same."""
    with storage("remove half-written files", folder):
        for partial in (*folder.glob("*.parquet.partial"), *folder.glob("spans/*.parquet.partial")):
            partial.unlink()
    return (*_finalise(folder, SeriesKind.SPANS), *_finalise(folder, SeriesKind.SAMPLES))


def _finalise(folder: Path, kind: SeriesKind) -> tuple[Series, ...]:
    converter = Converter(folder, kind)
    floor_ns = NO_FLOOR_NS
    for number in _numbers(folder, kind):
        made = part_path(folder, kind, number).exists()
        floor_ns = (converter.adopt if made else converter.convert)(number, floor_ns)
    return converter.finish(floor_ns)


def _numbers(folder: Path, kind: SeriesKind) -> list[int]:
    """Numbers of all segments and parts, in order of recording."""
    segments = folder.glob(segment_path(folder, kind, 0).name.replace("00000", "*"))
    first = part_path(folder, kind, 0)
    parts = first.parent.glob(first.name.replace("00000", "*"))
    found = {0} if kind is SeriesKind.SAMPLES and first.exists() else set()
    return sorted(found | {int(match[1]) for file in (*segments, *parts) if (match := _NUMBER.search(file.name))})
