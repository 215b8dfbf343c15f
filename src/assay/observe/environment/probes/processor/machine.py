"""Whether a hypervisor lies below, and what the firmware calls the machine."""

from __future__ import annotations

from assay.observe.environment.facts import Facts, Unknown, known
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_DMI = "sys/class/dmi/id"
_FIRMWARE = ("sys_vendor", "product_name", "board_vendor", "bios_vendor", "bios_version", "chassis_vendor")
_BY_FIRMWARE = (
    ("kvm", "kvm"),
    ("qemu", "qemu"),
    ("amazon ec2", "kvm"),
    ("google compute engine", "kvm"),
    ("openstack", "kvm"),
    ("digitalocean", "kvm"),
    ("vmware", "vmware"),
    ("virtualbox", "virtualbox"),
    ("innotek", "virtualbox"),
    ("xen", "xen"),
    ("parallels", "parallels"),
    ("bhyve", "bhyve"),
    ("microsoft corporation virtual machine", "hyperv"),
)
"""Words of the firmware's strings. Clouds use them on bare metal, too: the processor's own flag decides before them."""
_BY_CLOCK = {
    "kvm-clock": "kvm",
    "xen": "xen",
    "hyperv_clocksource_tsc_page": "hyperv",
    "hyperv_clocksource_msr": "hyperv",
}


def _read(sources: Sources) -> Facts:
    return {"virtualisation": _virtualisation(sources), "product": _product(sources)}


def _virtualisation(sources: Sources) -> str | Unknown:
    info = sources.cpuinfo
    flags = () if isinstance(info, Unknown) else (info.get("flags") or "").split()
    named = _by_hypervisor(sources) or _by_clock(sources)
    firmware = _by_firmware(sources)
    if named or "hypervisor" in flags:
        return named or firmware or "unknown hypervisor"
    if not flags:
        return firmware or Unknown("neither the processor's flags nor the firmware tell of a hypervisor")
    return "none"


def _by_hypervisor(sources: Sources) -> str | None:
    stated = known(sources.text("sys/hypervisor/type"))
    tree = known(sources.text("proc/device-tree/hypervisor/compatible"))
    return stated or (tree.split(",")[-1] if tree else None)


def _by_clock(sources: Sources) -> str | None:
    offered = known(sources.text("sys/devices/system/clocksource/clocksource0/available_clocksource")) or ""
    return next((_BY_CLOCK[clock] for clock in offered.split() if clock in _BY_CLOCK), None)


def _by_firmware(sources: Sources) -> str | None:
    words = " ".join(known(sources.text(f"{_DMI}/{name}")) or "" for name in _FIRMWARE).lower()
    return next((kind for word, kind in _BY_FIRMWARE if word in words), None)


def _product(sources: Sources) -> str | Unknown:
    model = sources.text("proc/device-tree/model")
    if not isinstance(model, Unknown):
        return model
    vendor, name = sources.text(f"{_DMI}/sys_vendor"), sources.text(f"{_DMI}/product_name")
    parts = [part for part in (vendor, name) if not isinstance(part, Unknown)]
    return " ".join(parts) if parts else vendor


PLUGIN = Probe(section="cpu", fields=("virtualisation", "product"), read=_read)
