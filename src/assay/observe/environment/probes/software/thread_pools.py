"""BLAS and OpenMP libraries, loaded or installed beside a package."""

from __future__ import annotations

from assay.observe.environment import thread_pools
from assay.observe.environment.facts import Facts, Rows, Unknown
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources
from assay.record.environment import ThreadPool


def _read(sources: Sources) -> Facts:
    loaded = thread_pools.loaded_pools(sources)
    if isinstance(loaded, Unknown):
        return {"blas": loaded}
    mapped = {pool.path for pool in loaded}
    installed = [pool for pool in thread_pools.installed_pools() if pool.path not in mapped] if sources.live else []
    pools = sorted((*loaded, *installed), key=lambda pool: (pool.name, pool.path))
    return {"blas": Rows(ThreadPool, tuple(_row(sources, pool) for pool in pools))}


def _row(sources: Sources, pool: thread_pools.Pool) -> Facts:
    elsewhere = Unknown("the library belongs to another machine")
    return {
        "kind": pool.kind.name,
        "library": pool.name,
        "loaded": pool.loaded,
        "version": thread_pools.version_of(pool) if sources.live else elsewhere,
        "threads": thread_pools.threads_of(pool) if sources.live else elsewhere,
    }


PLUGIN = Probe(section="python", fields=("blas",), read=_read)
