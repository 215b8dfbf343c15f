"""One GPU's numbers through NVIDIA's management library; ``nvml`` is the module ``pynvml``, or one with its calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from assay.observe.energy.meter import Answer, Channel, Fault, MeteredDevice, Quantity, Sensor
from assay.observe.energy.nvidia.reasons import COUNTED, THERMAL, Counted, policy_of

_TOTAL_ENERGY, _AVERAGE, _INSTANT = 83, 185, 186
_MILLI = 1e-3
_NANO = 1e-9
_AVERAGE_S = 1.0
"""What the field for averages looks back over, and ``nvmlDeviceGetPowerUsage`` from Ampere on, except on GA100."""
_AMPERE, _UNKNOWN_ARCHITECTURE = 7, 0xFFFFFFFF
_GA100 = ("A100", "A800", "A30", "GA100", "PG506", "CMP 170HX")
_TAIL_S = 0.3
_KINDS = ("dVal", "uiVal", "ulVal", "ullVal", "sllVal", "siVal", "usVal")
"""Member of the union by ``nvmlValueType_t``."""
_POWER_TOLERANCE = 0.05
"""What the library's manual states of its power readings."""

Value = float | Fault


class Asked(NamedTuple):
    """One call, and the channels it answers."""

    channels: tuple[Channel, ...]
    call: Callable[[], Sequence[Value]]
    counts: bool = False
    """Whether what it tells keeps count by itself, or moves so slowly, that it need not be asked every time."""


class NvmlReader:
    """Reads one physical GPU; what it can't tell at the beginning is not asked again."""

    interval_s = 0.1

    def __init__(self, nvml: Any, handle: Any, device: MeteredDevice) -> None:
        self.device = device
        self._nvml, self._handle = nvml, handle
        self._asked = tuple(self._questions())
        self.channels = tuple(channel for asked in self._asked for channel in asked.channels)
        slow = [channel.sensor.window_s for channel in self.channels if channel.quantity is Quantity.POWER]
        counts = any(channel.quantity is Quantity.ENERGY for channel in self.channels)
        self.tail_s = _TAIL_S + (min(slow, default=0.0) if counts else max(slow, default=0.0) + 0.2)
        if not counts or not any(channel.quantity is Quantity.SLOWED for channel in self.channels):
            self.interval_s = 0.02
            """What no counter keeps must be looked at more often, so that little of it is missed."""

    def read(self, *, full: bool = True) -> list[Answer]:
        """Every number now; one call after the other, each with its own time."""
        answers: list[Answer] = []
        start = 0
        for asked in self._asked:
            if full or not asked.counts:
                before_ns = time.perf_counter_ns()
                try:
                    values = asked.call()
                except self._nvml.NVMLError as error:
                    values = [Fault(str(error))] * len(asked.channels)
                after_ns = time.perf_counter_ns()
                answers += [Answer(start + place, before_ns, after_ns, value) for place, value in enumerate(values)]
            start += len(asked.channels)
        return answers

    def close(self) -> None:
        """Take back one start of the library."""
        self._nvml.nvmlShutdown()

    def _questions(self) -> Iterator[Asked]:
        if (energy := self._energy()) is not None:
            yield energy
        powers = [(_power_channel("nvml:power_instant", 0.0), _INSTANT, _MILLI)]
        powers += [(_power_channel("nvml:power_average", _AVERAGE_S), _AVERAGE, _MILLI)]
        told = self._fields(powers)
        yield from [told] if told.channels else self._checked(self._usage())
        reasons = self._fields([(_reason_channel(one), one.field, _NANO) for one in (*COUNTED, THERMAL)])
        if reasons.channels:
            yield reasons._replace(counts=True)
        violations = list(self._violations({channel.name for channel in reasons.channels}))
        yield from violations
        # where reasons are counted, bits add little but what is benign
        yield from self._checked(self._bits()._replace(counts=bool(reasons.channels or violations)))
        yield from self._checked(self._busy()._replace(counts=True))

    def _energy(self) -> Asked | None:
        channel = Channel(name="nvml:total_energy", quantity=Quantity.ENERGY, sensor=Sensor(quantum=_MILLI))
        calls = (
            lambda: [self._nvml.nvmlDeviceGetTotalEnergyConsumption(self._handle) * _MILLI],
            lambda: [_scaled(self._field_values([_TOTAL_ENERGY])[0], _MILLI)],
        )
        asked = (Asked((channel,), call) for call in calls)
        return next((one for one in asked if self._answers(one)), None)

    def _fields(self, wanted: Sequence[tuple[Channel, int, float]]) -> Asked:
        """Those of the fields that are answered, asked for in one call."""
        try:
            values = self._field_values([number for _, number, _ in wanted])
        except self._nvml.NVMLError:
            return Asked((), list)
        answered = [one for one, value in zip(wanted, values, strict=True) if not isinstance(value, Fault)]
        if any(channel.name.startswith(("sw_thermal", "hw_thermal")) for channel, _, _ in answered):
            answered = [one for one in answered if one[1] != THERMAL.field]
        numbers = [number for _, number, _ in answered]
        scales = [scale for _, _, scale in answered]

        def call() -> list[Value]:
            return [_scaled(value, scale) for value, scale in zip(self._field_values(numbers), scales, strict=True)]

        return Asked(tuple(channel for channel, _, _ in answered), call)

    def _field_values(self, numbers: Sequence[int]) -> list[Value]:
        values = self._nvml.nvmlDeviceGetFieldValues(self._handle, list(numbers))
        return [self._field_value(value) for value in values]

    def _field_value(self, value: Any) -> Value:
        if value.nvmlReturn:
            return Fault(str(self._nvml.NVMLError(value.nvmlReturn)))
        kind = value.valueType
        return float(getattr(value.value, _KINDS[kind] if kind < len(_KINDS) else "uiVal"))

    def _usage(self) -> Asked:
        channel = _power_channel("nvml:power_usage", self._usage_window_s())
        return Asked((channel,), lambda: [self._nvml.nvmlDeviceGetPowerUsage(self._handle) * _MILLI])

    def _usage_window_s(self) -> float:
        try:
            architecture = self._nvml.nvmlDeviceGetArchitecture(self._handle)
        except self._nvml.NVMLError:
            architecture = _UNKNOWN_ARCHITECTURE
        at_once = architecture < _AMPERE or any(name in self.device.name for name in _GA100)
        return 0.0 if at_once else _AVERAGE_S

    def _violations(self, known: set[str]) -> Iterator[Asked]:
        """The older call for what the fields did not tell."""
        if known & {"sw_thermal_slowdown", "hw_thermal_slowdown"}:
            known = known | {THERMAL.reason}
        for counted in (*COUNTED, THERMAL):
            policy = policy_of(counted)
            if policy is not None and counted.reason not in known:
                asked = Asked((_reason_channel(counted),), self._violation(policy), counts=True)
                yield from self._checked(asked)

    def _violation(self, policy: int) -> Callable[[], Sequence[Value]]:
        return lambda: [self._nvml.nvmlDeviceGetViolationStatus(self._handle, policy).violationTime * _NANO]

    def _bits(self) -> Asked:
        channel = Channel(name="nvml:clocks_event_reasons", quantity=Quantity.REASONS)
        newer = Asked((channel,), lambda: [self._nvml.nvmlDeviceGetCurrentClocksEventReasons(self._handle)])
        older = Asked((channel,), lambda: [self._nvml.nvmlDeviceGetCurrentClocksThrottleReasons(self._handle)])
        return newer if self._answers(newer) else older

    def _busy(self) -> Asked:
        channel = Channel(name="nvml:utilisation", quantity=Quantity.BUSY)
        return Asked((channel,), lambda: [self._nvml.nvmlDeviceGetUtilizationRates(self._handle).gpu / 100])

    def _checked(self, asked: Asked) -> Iterator[Asked]:
        if self._answers(asked):
            yield asked

    def _answers(self, asked: Asked) -> bool:
        """Whether it is worth asking again: not where the driver or the device does not have it."""
        nvml = self._nvml
        never = (
            *(nvml.NVML_ERROR_NOT_SUPPORTED, nvml.NVML_ERROR_FUNCTION_NOT_FOUND, nvml.NVML_ERROR_NO_PERMISSION),
            *(nvml.NVML_ERROR_INVALID_ARGUMENT, nvml.NVML_ERROR_DEPRECATED),
        )
        try:
            return not all(isinstance(value, Fault) for value in asked.call())
        except nvml.NVMLError as error:
            return error.value not in never


def _power_channel(name: str, window_s: float) -> Channel:
    sensor = Sensor(window_s=window_s, quantum=_MILLI, tolerance_share=_POWER_TOLERANCE)
    return Channel(name=name, quantity=Quantity.POWER, sensor=sensor)


def _reason_channel(counted: Counted) -> Channel:
    return Channel(name=counted.reason, quantity=Quantity.SLOWED, benign=counted.benign)


def _scaled(value: Value, scale: float) -> Value:
    return value if isinstance(value, Fault) else value * scale
