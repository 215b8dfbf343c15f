"""Machines acted by folders: files below a root, as each kind of host or container shows them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.observe.environment import Sources

Files = Mapping[str, str | None]
"""Path below the root to content; ``None`` makes a file that nobody can read, root included."""

CPU = "sys/devices/system/cpu"

INTEL_CPUINFO = "".join(
    f"processor\t: {cpu}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n"
    "model name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\nstepping\t: 4\nmicrocode\t: 0x2007006\n"
    f"cpu MHz\t\t: 2100.000\nphysical id\t: {cpu // 2}\ncore id\t\t: 0\n"
    "flags\t\t: fpu constant_tsc nonstop_tsc avx2 fma f16c avx512f\n\n"
    for cpu in range(4)
)

INTEL: Files = {
    "proc/cpuinfo": INTEL_CPUINFO,
    "proc/self/status": "Name:\tpython\nCapEff:\t0000000000000000\nCpus_allowed_list:\t0-3\n",
    "proc/sys/kernel/arch": "x86_64\n",
    f"{CPU}/online": "0-3\n",
    f"{CPU}/isolated": "\n",
    f"{CPU}/smt/active": "1\n",
    f"{CPU}/intel_pstate/no_turbo": "0\n",
    f"{CPU}/cpuidle/current_driver": "intel_idle\n",
    **{f"{CPU}/cpu{cpu}/topology/physical_package_id": f"{cpu // 2}\n" for cpu in range(4)},
    **{f"{CPU}/cpu{cpu}/topology/core_id": "0\n" for cpu in range(4)},
    **{f"{CPU}/cpu{cpu}/topology/die_id": "0\n" for cpu in range(4)},
    **{f"{CPU}/cpu{cpu}/cpufreq/scaling_governor": "powersave\n" for cpu in range(4)},
    **{f"{CPU}/cpu{cpu}/cpufreq/scaling_cur_freq": f"{2000000 + cpu * 100000}\n" for cpu in range(4)},
    **{f"{CPU}/cpu{cpu}/cpufreq/energy_performance_preference": "balance_performance\n" for cpu in range(4)},
    **{f"{CPU}/cpu{cpu}/thermal_throttle/core_throttle_count": "2\n" for cpu in range(4)},
    **{f"{CPU}/cpu{cpu}/thermal_throttle/package_throttle_count": "5\n" for cpu in range(4)},
    f"{CPU}/cpu0/cpufreq/scaling_driver": "intel_pstate\n",
    f"{CPU}/cpu0/cpufreq/scaling_min_freq": "1000000\n",
    f"{CPU}/cpu0/cpufreq/scaling_max_freq": "3700000\n",
    f"{CPU}/cpu0/cpufreq/base_frequency": "2100000\n",
    **{f"{CPU}/cpu0/cpuidle/state{i}/name": f"{name}\n" for i, name in enumerate(("POLL", "C1", "C1E", "C6"))},
    **{f"{CPU}/cpu0/cpuidle/state{i}/disable": f"{int(i == 3)}\n" for i in range(4)},
    **{f"{CPU}/cpu0/cache/index{i}/level": f"{level}\n" for i, level in enumerate((1, 1, 2, 3))},
    **{
        f"{CPU}/cpu0/cache/index{i}/type": f"{kind}\n"
        for i, kind in enumerate(("Data", "Instruction", "Unified", "Unified"))
    },
    **{f"{CPU}/cpu0/cache/index{i}/size": f"{size}\n" for i, size in enumerate(("32K", "32K", "1024K", "22M"))},
    "sys/devices/system/node/has_cpu": "0-1\n",
    "sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
    "sys/class/dmi/id/product_name": "PowerEdge C6420\n",
    "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
    "sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc hpet acpi_pm\n",
}

AMD: Files = {
    "proc/cpuinfo": "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 97\n"
    "model name\t: AMD Ryzen 9 7950X 16-Core Processor\nstepping\t: 2\nmicrocode\t: 0xa601206\n"
    "cpu MHz\t\t: 4500.5\nphysical id\t: 0\ncore id\t\t: 0\nflags\t\t: fpu constant_tsc nonstop_tsc avx2 fma f16c\n\n"
    "processor\t: 1\ncpu MHz\t\t: 3000.5\nphysical id\t: 0\ncore id\t\t: 1\n",
    "proc/self/status": "Cpus_allowed_list:\t0-1\n",
    f"{CPU}/online": "0-1\n",
    f"{CPU}/cpufreq/boost": "1\n",
    f"{CPU}/cpu0/cpufreq/scaling_driver": "amd-pstate-epp\n",
    f"{CPU}/cpu0/cpufreq/scaling_governor": "performance\n",
    f"{CPU}/cpu1/cpufreq/scaling_governor": "powersave\n",
    f"{CPU}/cpu0/acpi_cppc/nominal_freq": "4501\n",
    "sys/class/powercap/intel-rapl:0/name": "package-0\n",
    "sys/class/powercap/intel-rapl:0/energy_uj": "123\n",
    "sys/class/powercap/intel-rapl:0/max_energy_range_uj": "65532610987\n",
}

ARM: Files = {
    "proc/cpuinfo": "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd sve bf16\nCPU implementer\t: 0x41\n"
    "CPU architecture: 8\nCPU variant\t: 0x1\nCPU part\t: 0xd40\nCPU revision\t: 1\n",
    "proc/self/status": "Cpus_allowed_list:\t0\n",
    "proc/sys/kernel/arch": "aarch64\n",
    "proc/device-tree/model": "Raspberry Pi 5 Model B\0",
}

RAPL: Files = {
    "sys/class/powercap/intel-rapl/enabled": "1\n",
    "sys/class/powercap/intel-rapl:0/name": "package-0\n",
    "sys/class/powercap/intel-rapl:0/energy_uj": "262143328850\n",
    "sys/class/powercap/intel-rapl:0/max_energy_range_uj": "262143328850\n",
    "sys/class/powercap/intel-rapl:0:0/name": "dram\n",
    "sys/class/powercap/intel-rapl:0:0/energy_uj": None,
    "sys/class/powercap/intel-rapl:0:0/max_energy_range_uj": "65712999613\n",
    "sys/class/powercap/intel-rapl:1/name": "psys\n",
    "sys/class/powercap/intel-rapl:1/energy_uj": "1\n",
    "sys/class/powercap/intel-rapl-mmio:0/name": "package-0\n",
    "sys/class/powercap/intel-rapl-mmio:0/energy_uj": "7\n",
    "sys/class/powercap/intel-rapl-mmio:0/max_energy_range_uj": "262143328850\n",
    "sys/class/powercap/dtpm/name": "not rapl\n",
}

MOUNT_V2 = "30 24 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
GROUP = "sys/fs/cgroup"

CGROUP_V2: Files = {
    "proc/self/cgroup": "0::/user.slice/app.scope\n",
    "proc/self/mountinfo": "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n" + MOUNT_V2,
    f"{GROUP}/cgroup.controllers": "cpuset cpu memory\n",
    f"{GROUP}/user.slice/cpu.max": "150000 100000\n",
    f"{GROUP}/user.slice/memory.max": "8589934592\n",
    f"{GROUP}/user.slice/cpu.stat": "usage_usec 9\nnr_periods 3\nnr_throttled 1\nthrottled_usec 40\n",
    f"{GROUP}/user.slice/cpuset.cpus.effective": "0-3\n",
    f"{GROUP}/user.slice/app.scope/cpu.max": "max 100000\n",
    f"{GROUP}/user.slice/app.scope/cpu.weight": "100\n",
    f"{GROUP}/user.slice/app.scope/cpu.stat": "usage_usec 5\nnr_periods 10\nnr_throttled 4\nthrottled_usec 2000\n",
    f"{GROUP}/user.slice/app.scope/memory.max": "max\n",
    f"{GROUP}/user.slice/app.scope/memory.swap.max": "0\n",
    f"{GROUP}/user.slice/app.scope/memory.current": "1048576\n",
    f"{GROUP}/user.slice/app.scope/memory.peak": "2097152\n",
    f"{GROUP}/user.slice/app.scope/cpuset.cpus.effective": "1-2\n",
    f"{GROUP}/user.slice/app.scope/cpuset.mems.effective": "0\n",
}

MOUNTS_V1 = (
    "33 31 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n"
    "34 31 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"
    "35 31 0:31 /docker/abc /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset\n"
    "36 31 0:32 / /sys/fs/cgroup/unified ro - cgroup2 cgroup2 rw\n"
)

CGROUP_V1_IN_DOCKER: Files = {
    ".dockerenv": "",
    "proc/self/cgroup": "5:memory:/docker/abc/inner\n4:cpu,cpuacct:/docker/abc/inner\n3:cpuset:/docker/abc\n0::/\n",
    "proc/self/mountinfo": MOUNTS_V1,
    f"{GROUP}/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
    f"{GROUP}/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    f"{GROUP}/cpu,cpuacct/cpu.stat": "nr_periods 20\nnr_throttled 2\nthrottled_time 5000\n",
    f"{GROUP}/cpu,cpuacct/inner/cpu.cfs_quota_us": "-1\n",
    f"{GROUP}/cpu,cpuacct/inner/cpu.cfs_period_us": "100000\n",
    f"{GROUP}/cpu,cpuacct/inner/cpu.shares": "512\n",
    f"{GROUP}/cpu,cpuacct/inner/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n",
    f"{GROUP}/memory/memory.limit_in_bytes": "1073741824\n",
    f"{GROUP}/memory/memory.memsw.limit_in_bytes": "1610612736\n",
    f"{GROUP}/memory/inner/memory.limit_in_bytes": "9223372036854771712\n",
    f"{GROUP}/memory/inner/memory.memsw.limit_in_bytes": "9223372036854771712\n",
    f"{GROUP}/memory/inner/memory.usage_in_bytes": "4096\n",
    f"{GROUP}/memory/inner/memory.max_usage_in_bytes": "8192\n",
    f"{GROUP}/cpuset/cpuset.effective_cpus": "0-1\n",
    f"{GROUP}/cpuset/cpuset.mems": "0\n",
}

SYSTEM: Files = {
    "proc/meminfo": "MemTotal:    16000 kB\nMemAvailable: 9000 kB\nSwapTotal:    2000 kB\nSwapFree:  1500 kB\n"
    "HugePages_Total:       4\nHugepagesize:       2048 kB\n",
    "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
    "sys/kernel/mm/transparent_hugepage/defrag": "always defer [defer+madvise] madvise never\n",
    "proc/sys/vm/swappiness": "60\n",
    "proc/sys/kernel/numa_balancing": "1\n",
    "sys/devices/system/node/node0/cpulist": "0-1\n",
    "sys/devices/system/node/node0/meminfo": "Node 0 MemTotal:       8000 kB\nNode 0 MemFree:        4000 kB\n",
    "sys/devices/system/node/node1/meminfo": "Node 1 MemTotal:       8000 kB\n",
    "proc/sys/kernel/ostype": "Linux\n",
    "proc/sys/kernel/osrelease": "6.1.0-18-amd64\n",
    "proc/sys/kernel/version": "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1\n",
    "proc/sys/kernel/hostname": "worker-7\n",
    "proc/sys/kernel/randomize_va_space": "2\n",
    "proc/sys/kernel/perf_event_paranoid": "3\n",
    "etc/os-release": 'NAME="Debian GNU/Linux"\nID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "proc/cmdline": "root=UUID=550e8400-e29b-41d4-a716-446655440000 rd.password=hunter2 quiet\n",
    f"{CPU}/vulnerabilities/meltdown": "Not affected\n",
    f"{CPU}/vulnerabilities/spectre_v2": "Mitigation: Retpolines\n",
    "proc/uptime": "12345.67 23456.78\n",
    "proc/loadavg": "0.50 0.75 1.25 2/321 4567\n",
    "proc/pressure/cpu": "some avg10=12.50 avg60=1.00 avg300=0.00 total=1\n",
    "proc/pressure/memory": "some avg10=0.00 avg60=0.00 total=0\nfull avg10=9.00 avg60=0.00 total=0\n",
    "proc/stat": "cpu  60 0 20 10 0 0 0 10 5 0\ncpu0 60 0 20 10 0 0 0 10 5 0\n",
    "proc/self/maps": "7f00-7f01 r-xp 00000000 08:01 1  /usr/lib/x86_64-linux-gnu/libgomp.so.1.0.0\n"
    "7f02-7f03 r-xp 00000000 08:01 2  /venv/numpy.libs/libscipy_openblas64_-32a4b2a6.so\n"
    "7f04-7f05 r-xp 00000000 08:01 3  /usr/lib/x86_64-linux-gnu/libc.so.6\n",
}

SENSORS: Files = {
    "sys/class/hwmon/hwmon0/name": "coretemp\n",
    "sys/class/hwmon/hwmon0/temp1_label": "Package id 0\n",
    "sys/class/hwmon/hwmon0/temp1_input": "61000\n",
    "sys/class/hwmon/hwmon0/temp1_crit": "100000\n",
    "sys/class/hwmon/hwmon1/name": "nvme\n",
    "sys/class/hwmon/hwmon1/temp1_input": "80850\n",
    "sys/class/thermal/thermal_zone0/type": "x86_pkg_temp\n",
    "sys/class/thermal/thermal_zone0/temp": "62500\n",
    "sys/class/thermal/thermal_zone0/trip_point_0_type": "critical\n",
    "sys/class/thermal/thermal_zone0/trip_point_0_temp": "105000\n",
    "sys/class/thermal/cooling_device0/type": "Processor\n",
}


def make_machine(root: Path, *parts: Files, environ: Mapping[str, str] | None = None) -> Sources:
    """Sources below ``root`` that hold all files of the parts; of two of the same path, the later one's."""
    files = {path: content for part in parts for path, content in part.items()}
    for path, content in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            place.mkdir()  # reading a folder fails for root, too
        else:
            place.write_text(content, encoding="utf-8")
    return Sources(root=root, environ=dict(environ or {}), cwd=root)
