"""Whether GPUs can be asked for their power, clocks and memory."""

from __future__ import annotations

from assay.observe.doctor.advice import container_flag, install
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.record.environment import Gpu

_LOST = "GPU energy, utilisation, clocks, temperature and memory"


def _look(surroundings: Surroundings) -> Finding:
    gpus = surroundings.environment.gpus
    if not gpus:
        reason = surroundings.why("/gpus") if gpus is None else "the NVIDIA driver shows no device to this process"
        return missing("no GPU", Fault(reason=reason, lost=_LOST, enable=_remedy(surroundings, reason)))
    found = "; ".join(_described(gpu) for gpu in gpus)
    faults = [fault for gpu in gpus if (fault := _fault(gpu))]
    if not faults:
        return ok(found)
    enable = "stop the other processes (nvidia-smi lists them), or wait until the device is cool and idle"
    lost = "steady timings and energy that belongs to the target alone"
    return degraded(found, Fault(reason="; ".join(faults), lost=lost, enable=enable))


def _described(gpu: Gpu) -> str:
    limit = f", limit {gpu.power_limit_w:g} W" if gpu.power_limit_w is not None else ""
    return f"GPU {gpu.index} {gpu.name}, driver {gpu.driver or 'unknown'}{limit}"


def _fault(gpu: Gpu) -> str:
    others = len(gpu.processes or ())
    slowed = [reason for reason in gpu.throttle_reasons or () if "slowdown" in reason or "brake" in reason]
    parts = [f"{others} other processes use it"] if others else []
    parts += [f"it is slowed down ({', '.join(slowed)})"] if slowed else []
    parts += ["it does not tell its power"] if gpu.power_w is None else []
    return f"GPU {gpu.index}: {', '.join(parts)}" if parts else ""


def _remedy(surroundings: Surroundings, reason: str) -> str:
    if "Python library" in reason:
        return "pip install 'assay[nvidia]'"
    driver = f"sudo {install(surroundings, debian='nvidia-driver', fedora='akmod-nvidia').removeprefix('sudo ')}"
    return container_flag(surroundings, "--gpus all", driver)


PLUGIN = Inspection("NVIDIA GPUs (NVML)", _look)
