"""The processor, as different machines show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.environment import capture_from
from assay.record.environment import Cpu, Environment
from tests.observe.environment.machines import AMD, ARM, CPU, INTEL, RAPL, Files, make_machine


def cpu_of(root: Path, *parts: Files) -> Cpu:
    return capture_from(make_machine(root, *parts)).cpu


def reason(environment: Environment, field: str) -> str:
    return next(entry.reason for entry in environment.absent if entry.field == field)


def test_an_intel_server_is_read_whole(tmp_path: Path) -> None:
    cpu = cpu_of(tmp_path, INTEL)
    assert cpu.model == "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz"
    assert (cpu.vendor, cpu.signature, cpu.microcode) == ("GenuineIntel", "6-85-4", "0x2007006")
    assert (cpu.sockets, cpu.physical_cores, cpu.logical_cpus, cpu.smt_active) == (2, 2, 4, True)
    assert cpu.affinity == (0, 1, 2, 3)
    assert cpu.isolated == ()
    assert "avx512f" in (cpu.features or ())
    assert (cpu.l1d_bytes, cpu.l2_bytes, cpu.l3_bytes) == (32768, 1048576, 22 * 1024**2)
    assert cpu.numa_nodes == 2
    assert cpu.product == "Dell Inc. PowerEdge C6420"


def test_frequencies_are_in_hertz_and_the_present_one_is_the_mean(tmp_path: Path) -> None:
    cpu = cpu_of(tmp_path, INTEL)
    assert (cpu.governor, cpu.frequency_driver, cpu.energy_preference) == (
        "powersave",
        "intel_pstate",
        "balance_performance",
    )
    assert (cpu.frequency_min_hz, cpu.frequency_max_hz) == (1_000_000_000, 3_700_000_000)
    assert (cpu.frequency_base_hz, cpu.frequency_now_hz) == (2_100_000_000, 2_150_000_000)


@pytest.mark.parametrize(
    ("files", "enabled"),
    [
        ({f"{CPU}/intel_pstate/no_turbo": "0"}, True),
        ({f"{CPU}/intel_pstate/no_turbo": "1"}, False),
        ({f"{CPU}/cpufreq/boost": "1"}, True),
        ({f"{CPU}/cpufreq/boost": "0"}, False),
        ({f"{CPU}/cpu0/cpufreq/boost": "0"}, False),
        ({f"{CPU}/amd_pstate/cpb_boost": "1"}, True),
    ],
)
def test_each_driver_has_its_own_turbo_switch(tmp_path: Path, files: Files, enabled: bool) -> None:
    assert cpu_of(tmp_path, files).turbo_enabled is enabled


def test_disabled_idle_states_are_left_out(tmp_path: Path) -> None:
    cpu = cpu_of(tmp_path, INTEL)
    assert (cpu.idle_driver, cpu.idle_states) == ("intel_idle", ("POLL", "C1", "C1E"))


def test_a_package_that_throttles_is_counted_once(tmp_path: Path) -> None:
    assert cpu_of(tmp_path, INTEL).throttle_events == 4 * 2 + 2 * 5


def test_an_amd_desktop_names_all_governors_and_its_nominal_frequency(tmp_path: Path) -> None:
    cpu = cpu_of(tmp_path, AMD)
    assert cpu.governor == "performance,powersave"
    assert (cpu.turbo_enabled, cpu.frequency_base_hz) == (True, 4_501_000_000)
    assert (cpu.physical_cores, cpu.smt_active) == (2, False)
    assert cpu.frequency_now_hz == 3_750_500_000


def test_an_arm_board_is_named_by_its_device_tree(tmp_path: Path) -> None:
    cpu = cpu_of(tmp_path, ARM)
    assert (cpu.vendor, cpu.signature, cpu.architecture) == ("ARM", "0x41-0xd40-1", "aarch64")
    assert cpu.features == ("asimd", "bf16", "fp", "sve")
    assert cpu.product == "Raspberry Pi 5 Model B"
    assert cpu.model is None


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"proc/cpuinfo": "flags\t: fpu hypervisor\n", "sys/class/dmi/id/sys_vendor": "QEMU"}, "qemu"),
        ({"proc/cpuinfo": "flags\t: fpu hypervisor\n", "sys/class/dmi/id/sys_vendor": "VMware, Inc."}, "vmware"),
        ({"proc/cpuinfo": "flags\t: fpu hypervisor\n", "sys/class/dmi/id/product_name": "VirtualBox"}, "virtualbox"),
        ({"proc/cpuinfo": "flags\t: fpu hypervisor\n"}, "unknown hypervisor"),
        ({"proc/cpuinfo": "flags\t: fpu\n", "sys/hypervisor/type": "xen"}, "xen"),
        ({"proc/cpuinfo": "flags\t: fpu\n", "sys/class/dmi/id/sys_vendor": "Amazon EC2"}, "none"),
        ({"proc/cpuinfo": "flags\t: fpu hypervisor\n", "sys/class/dmi/id/sys_vendor": "Amazon EC2"}, "kvm"),
        ({"proc/device-tree/hypervisor/compatible": "linux,kvm"}, "kvm"),
        (INTEL, "none"),
    ],
)
def test_a_hypervisor_is_recognised(tmp_path: Path, files: Files, kind: str) -> None:
    found = cpu_of(tmp_path, files).virtualisation
    assert found == kind


def test_the_clock_of_a_guest_names_its_hypervisor(tmp_path: Path) -> None:
    clock = {"sys/devices/system/clocksource/clocksource0/available_clocksource": "kvm-clock tsc\n"}
    assert cpu_of(tmp_path, INTEL, clock).virtualisation == "kvm"


def test_rapl_zones_keep_their_interface_apart_and_say_what_can_be_read(tmp_path: Path) -> None:
    environment = capture_from(make_machine(tmp_path, RAPL))
    zones = environment.rapl or ()
    assert [(zone.name, zone.kind, zone.interface, zone.readable) for zone in zones] == [
        ("package-0", "package", "mmio", True),
        ("package-0", "package", "msr", True),
        ("dram", "dram", "msr", False),
        ("psys", "psys", "msr", True),
    ]
    assert zones[1].range_uj == 262143328850
    assert zones[3].range_uj is None
    assert "does not exist" in reason(environment, "/rapl/3/range_uj")


def test_a_machine_without_powercap_says_so(tmp_path: Path) -> None:
    environment = capture_from(make_machine(tmp_path, INTEL))
    assert environment.rapl is None
    assert reason(environment, "/rapl") == "/sys/class/powercap does not exist"


def test_a_masked_powercap_folder_shows_zones_that_nobody_can_read(tmp_path: Path) -> None:
    zones = capture_from(make_machine(tmp_path, {"sys/class/powercap/intel-rapl:0": ""})).rapl or ()
    assert [(zone.name, zone.kind, zone.readable) for zone in zones] == [("intel-rapl:0", "other", False)]


def test_without_sys_the_topology_comes_from_cpuinfo(tmp_path: Path) -> None:
    cpuinfo = INTEL["proc/cpuinfo"]
    cpu = cpu_of(tmp_path, {"proc/cpuinfo": cpuinfo, "proc/self/status": "Cpus_allowed_list:\t1,3\n"})
    assert (cpu.sockets, cpu.physical_cores, cpu.logical_cpus, cpu.smt_active) == (2, 2, 4, True)
    assert cpu.affinity == (1, 3)
    assert cpu.frequency_now_hz == 2_100_000_000
    assert cpu.governor is None
