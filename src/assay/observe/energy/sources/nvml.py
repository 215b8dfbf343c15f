"""NVIDIA GPUs: the total-energy counter of the driver, and its readings of power."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from assay.observe.energy.meter import Found, MeteredDevice, Wanted
from assay.observe.energy.nvidia.choose import Card, choose
from assay.observe.energy.nvidia.reader import NvmlReader
from assay.record.base import one_line
from assay.record.enums import DeviceKind, Severity
from assay.record.rows import QualityFlag

_LIBRARY = "libnvidia-ml.so.1"


class NvmlSource:
    """The driver's management library, through its Python package."""

    name = "nvml"
    summary = "NVIDIA GPUs: the driver's energy counter, checked against its power readings"
    kind = DeviceKind.GPU
    on_request = False

    def find(self, wanted: Wanted) -> Found:
        """One reader for each physical GPU that the target may use."""
        try:
            ctypes.CDLL(_LIBRARY)
        except OSError:
            return Found((), f"there is no NVIDIA driver: {_LIBRARY} is not to be loaded")
        try:
            nvml = import_module("pynvml")
        except ImportError:
            return Found((), "the driver's Python library is not installed; run: pip install 'assay[nvidia]'")
        try:
            nvml.nvmlInit()
        except nvml.NVMLError as error:
            return Found((), one_line(f"the NVIDIA driver could not be asked: {error}"))
        try:
            return self._readers(nvml, wanted)
        except nvml.NVMLError as error:
            return Found((), one_line(f"the NVIDIA driver lists no devices: {error}"))
        finally:
            nvml.nvmlShutdown()

    def _readers(self, nvml: Any, wanted: Wanted) -> Found:
        lost: list[str] = []
        chosen = choose(list(_cards(nvml, lost)), wanted.variables)
        readers = []
        for card in chosen.cards:
            nvml.nvmlInit()  # each reader holds the library open for itself
            handle = nvml.nvmlDeviceGetHandleByIndex(card.index)
            readers.append(NvmlReader(nvml, handle, _device(card)))
        reason = "; ".join([chosen.reason, *lost]).strip("; ") if not readers else ""
        return Found(tuple(readers), reason, (*chosen.flags, *map(_unreachable, lost)))


def _device(card: Card) -> MeteredDevice:
    return MeteredDevice(
        id=f"gpu:{card.index}", kind=DeviceKind.GPU, name=card.name, uuid=card.uuid, metric="gpu_energy_j"
    )


def _unreachable(reason: str) -> QualityFlag:
    return QualityFlag(id="gpu_unreachable", severity=Severity.WARNING, message=f"Not measured: {reason}.")


def _cards(nvml: Any, lost: list[str]) -> Iterator[Card]:
    for index in range(nvml.nvmlDeviceGetCount()):
        try:
            handle = nvml.nvmlDeviceGetHandleByIndex(index)
            _text(nvml.nvmlDeviceGetUUID(handle))
        except nvml.NVMLError as error:
            lost.append(one_line(f"GPU {index} does not answer: {error}"))
            continue
        partitioned = _is_partitioned(nvml, handle)
        yield Card(
            index=index,
            uuid=_text(nvml.nvmlDeviceGetUUID(handle)),
            name=one_line(_text(nvml.nvmlDeviceGetName(handle))),
            partitioned=partitioned,
            instances=tuple(_instances(nvml, handle)) if partitioned else (),
        )


def _is_partitioned(nvml: Any, handle: Any) -> bool:
    try:
        return bool(nvml.nvmlDeviceGetMigMode(handle)[0] == 1)
    except nvml.NVMLError:
        return False


def _instances(nvml: Any, handle: Any) -> Iterator[str]:
    for index in range(nvml.nvmlDeviceGetMaxMigDeviceCount(handle)):
        try:
            yield _text(nvml.nvmlDeviceGetUUID(nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index)))
        except nvml.NVMLError:
            continue  # an index without an instance


def _text(value: Any) -> str:
    """Older libraries answer in bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


PLUGIN = NvmlSource()
