"""What is asked of NVIDIA's library, through its own Python package and the simulated driver."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.observe.energy.nvidia.choose import Card, choose
from assay.observe.energy.nvidia.reasons import BITS, COUNTED, THERMAL, policy_of
from tests.driver.scenario import MS, Clock, Scenario, build

CARDS = (
    Card(index=0, uuid="GPU-aaaa-1111", name="H100"),
    Card(index=1, uuid="GPU-aabb-2222", name="H100", partitioned=True, instances=("MIG-1111", "MIG-2222")),
    Card(index=2, uuid="GPU-cccc-3333", name="H100"),
)


@pytest.mark.parametrize(
    ("mask", "chosen"),
    [
        (None, [0, 1, 2]),
        ("", []),
        ("2", [2]),
        ("2,0", [0, 2]),
        ("0,0", [0]),
        ("0,7,1", [0]),
        ("-1,0", []),
        ("GPU-cccc", [2]),
        ("GPU-aa", []),
        ("GPU-aabb-2222,GPU-cccc-3333", [1, 2]),
        ("MIG-2222", [1]),
        ("MIG-2222,MIG-1111", [1]),
        ("MIG-GPU-aabb-2222/3/0", [1]),
        ("nonsense", []),
    ],
)
def test_a_mask_means_what_cuda_takes_it_for(mask: str | None, chosen: list[int]) -> None:
    found = choose(CARDS, {} if mask is None else {"CUDA_VISIBLE_DEVICES": mask})
    assert [card.index for card in found.cards] == chosen
    assert bool(found.reason) == (not chosen)


def test_the_energy_of_an_instance_is_said_to_be_its_parents() -> None:
    (flag,) = choose(CARDS, {"CUDA_VISIBLE_DEVICES": "MIG-1111"}).flags
    assert flag.id == "mig_parent_energy"
    assert flag.evidence[0].value == 2.0


def test_unlike_cards_are_not_numbered_by_guesswork() -> None:
    cards = (*CARDS[:1], Card(index=1, uuid="GPU-dddd", name="T4"))
    assert [flag.id for flag in choose(cards, {"CUDA_VISIBLE_DEVICES": "1"}).flags] == ["gpu_order_unknown"]
    ordered = {"CUDA_VISIBLE_DEVICES": "1", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    assert choose(cards, ordered).flags == ()


def test_every_reason_that_is_counted_is_also_a_bit_and_as_benign_there() -> None:
    benign = {name: is_benign for name, _, is_benign in BITS}
    assert all(benign[one.reason] == one.benign for one in COUNTED)
    assert policy_of(THERMAL) == 1
    assert policy_of(next(one for one in COUNTED if one.reason == "hw_thermal_slowdown")) is None


ASK = """
import json, os
from assay.observe.energy.meter import SOURCES, Fault, Wanted
found = SOURCES.load("nvml").find(Wanted(variables=os.environ))
print(json.dumps({
    "reason": found.reason,
    "flags": [flag.id for flag in found.flags],
    "devices": [reader.device.uuid for reader in found.readers],
    "interval_s": [reader.interval_s for reader in found.readers],
    "told": [
        {channel.name: (str(answer.value.reason) if isinstance(answer.value, Fault) else answer.value)
         for channel, answer in zip(reader.channels, reader.read(), strict=True)}
        for reader in found.readers
    ],
}))
"""


def ask(scenario: Scenario, clock: Clock, *without: str, **more: str) -> Any:
    pytest.importorskip("pynvml", reason="nvidia-ml-py is not installed")
    variables = {**scenario.variables(build(*without), clock), "PYTHONPATH": ":".join(sys.path), **more}
    ran = subprocess.run([sys.executable, "-c", ASK], env=variables, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return Scenario(tmp_path / "scenario")


@pytest.fixture
def clock(tmp_path: Path, scenario: Scenario) -> Clock:
    return Clock(tmp_path / "clock", scenario.born_ns + 10_000 * MS)


def test_a_device_tells_its_counter_powers_and_reasons(scenario: Scenario, clock: Clock) -> None:
    uuid = scenario.device(idle_w=50.0, counter_start_mj=1000)
    scenario.reason(0, 0x20, scenario.born_ns, scenario.born_ns + 2500 * MS)
    said = ask(scenario, clock)
    assert (said["reason"], said["devices"], said["interval_s"]) == ("", [uuid], [0.1])
    (told,) = said["told"]
    assert told["nvml:total_energy"] == pytest.approx(501.0)
    assert told["nvml:power_instant"] == told["nvml:power_average"] == 50.0
    assert told["sw_thermal_slowdown"] == pytest.approx(2.5)
    assert "thermal_slowdown" not in told, "both kinds of heat are counted apart"
    assert told["nvml:clocks_event_reasons"] == 0


def test_older_drivers_are_asked_in_older_ways(scenario: Scenario, clock: Clock) -> None:
    scenario.device(idle_w=50.0)
    scenario.reason(0, 0x40, scenario.born_ns, scenario.born_ns + 1000 * MS)
    (told,) = ask(scenario, clock, "nvmlDeviceGetFieldValues", "nvmlDeviceGetCurrentClocksEventReasons")["told"]
    assert told["nvml:power_usage"] == 50.0
    assert told["thermal_slowdown"] == pytest.approx(1.0)
    assert told["nvml:clocks_event_reasons"] == 0


def test_what_no_counter_keeps_is_looked_at_more_often(scenario: Scenario, clock: Clock) -> None:
    scenario.device()
    said = ask(scenario, clock, "nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetFieldValues")
    assert said["interval_s"] == [0.02]
    assert "nvml:total_energy" not in said["told"][0]


@pytest.mark.parametrize("code", [1, 2, 3, 4, 6, 9, 10, 13, 15, 16, 17, 18, 999])
def test_every_failure_of_a_call_is_a_reason_and_never_a_zero(scenario: Scenario, clock: Clock, code: int) -> None:
    scenario.device()
    scenario.fail("nvmlDeviceGetTotalEnergyConsumption", code)
    scenario.field(0, 83, code)
    (told,) = ask(scenario, clock)["told"]
    assert isinstance(told.get("nvml:total_energy", ""), str)


def test_a_library_that_does_not_start_and_a_device_that_is_gone_are_told(scenario: Scenario, clock: Clock) -> None:
    scenario.device()
    scenario.device(1)
    scenario.fail("nvmlDeviceGetHandleByIndex", 15, number=0)
    said = ask(scenario, clock)
    assert said["flags"] == ["gpu_unreachable"]
    assert [uuid[-1] for uuid in said["devices"]] == ["1"]
    scenario.fail("nvmlInit", 9)
    assert "could not be asked" in ask(scenario, clock)["reason"]


def test_two_instances_have_one_reader(scenario: Scenario, clock: Clock) -> None:
    uuid = scenario.device(instances=("MIG-aaaa", "MIG-bbbb"))
    said = ask(scenario, clock, CUDA_VISIBLE_DEVICES="MIG-aaaa,MIG-bbbb")
    assert (said["devices"], said["flags"]) == ([uuid], ["mig_parent_energy"])
