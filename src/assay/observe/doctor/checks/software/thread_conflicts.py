"""Whether libraries with threads of their own get into each other's way."""

from __future__ import annotations

import math

from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.observe.environment.thread_pools import KINDS, OPENMP
from assay.record.environment import ThreadPool

_VARIABLES = tuple(dict.fromkeys(("OMP_NUM_THREADS", *(kind.variable for kind in KINDS))))


def _look(surroundings: Surroundings) -> Finding:
    pools, cores = surroundings.environment.python.blas, surroundings.usable_cores
    if pools is None or cores is None:
        fault = Fault(
            reason=surroundings.why("/python/blas" if pools is None else "/cpu/affinity"),
            lost="whether thread pools disturb each other",
            enable="mount /proc where Assay runs: mount -t proc proc /proc",
        )
        return missing("nothing", fault)
    chosen = {name: surroundings.sources.environ[name] for name in _VARIABLES if name in surroundings.sources.environ}
    found = f"{_described(pools)}; usable: {cores:g} cores; {_settings(chosen)}"
    reasons = [
        reason for reason in (_several(pools), _too_many(pools, chosen, cores), _quota(surroundings, chosen)) if reason
    ]
    if not reasons:
        return ok(found)
    fault = Fault(
        reason="; ".join(reasons),
        lost="steady timings: more threads run than cores are there, and pools wait for each other",
        enable=f"export OMP_NUM_THREADS={max(1, math.floor(cores))} OPENBLAS_NUM_THREADS={max(1, math.floor(cores))}",
    )
    return degraded(found, fault)


def _described(pools: tuple[ThreadPool, ...]) -> str:
    shown = [f"{pool.library}{' (loaded)' if pool.loaded else ''}" for pool in pools]
    return ", ".join(shown) or "no thread-pool library is loaded or installed"


def _settings(chosen: dict[str, str]) -> str:
    return ", ".join(f"{name}={value[:40]}" for name, value in chosen.items()) or "no *_NUM_THREADS is set"


def _several(pools: tuple[ThreadPool, ...]) -> str:
    runtimes = sorted({pool.kind for pool in pools if pool.kind in OPENMP and pool.loaded})
    return f"several OpenMP runtimes are loaded: {', '.join(runtimes)}" if len(runtimes) > 1 else ""


def _too_many(pools: tuple[ThreadPool, ...], chosen: dict[str, str], cores: float) -> str:
    asked = {name: int(value) for name, value in chosen.items() if value.isdecimal() and len(value) < 7}
    wanted = {name: count for name, count in asked.items() if count > math.ceil(cores)}
    wanted.update({pool.library: pool.threads for pool in pools if pool.threads and pool.threads > math.ceil(cores)})
    said = ", ".join(f"{name} asks for {count} threads" for name, count in wanted.items())
    return f"{said}, but {cores:g} cores are usable" if said else ""


def _quota(surroundings: Surroundings, chosen: dict[str, str]) -> str:
    """Libraries count processors, and don't know of a quota."""
    quota = surroundings.environment.container.cpu_quota_cores
    seen = len(surroundings.environment.cpu.affinity or ())
    if chosen or quota is None or quota >= seen:
        return ""
    return f"no thread count is set, and libraries will start {seen} threads for {quota:g} cores' time"


PLUGIN = Inspection("Thread pools", _look)
