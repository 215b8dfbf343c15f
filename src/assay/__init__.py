"""Assay: where the time, energy and memory of a program go, why, and whether a change really helped.

The names of the command line, from Python::

    import assay

    store = assay.open_store()
    for row in store.runs(status="complete", limit=5):
        run = store.get(row.id)
        print(run.id, run.metrics["wall_s"].value)

``import assay`` is cheap: a name is imported when it is first used.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.errors import (
        AssayError,
        PlanError,
        PluginError,
        RecordError,
        RunNotFoundError,
        SettingsError,
        StoreError,
        UsageError,
    )
    from assay.marks import bench, limit
    from assay.record.codec import decode_run, encode_run
    from assay.record.run import Run
    from assay.settings import Settings, load_settings
    from assay.store import Draft, RunRow, Store, StoredRun, open_store

_HOMES = {
    "AssayError": "assay.errors",
    "Draft": "assay.store",
    "PlanError": "assay.errors",
    "PluginError": "assay.errors",
    "RecordError": "assay.errors",
    "Run": "assay.record.run",
    "RunNotFoundError": "assay.errors",
    "RunRow": "assay.store",
    "Settings": "assay.settings",
    "SettingsError": "assay.errors",
    "Store": "assay.store",
    "StoreError": "assay.errors",
    "StoredRun": "assay.store",
    "UsageError": "assay.errors",
    "bench": "assay.marks",
    "decode_run": "assay.record.codec",
    "encode_run": "assay.record.codec",
    "limit": "assay.marks",
    "load_settings": "assay.settings",
    "open_store": "assay.store",
}
"""Where each public name lives."""

__all__ = [
    "AssayError",
    "Draft",
    "PlanError",
    "PluginError",
    "RecordError",
    "Run",
    "RunNotFoundError",
    "RunRow",
    "Settings",
    "SettingsError",
    "Store",
    "StoreError",
    "StoredRun",
    "UsageError",
    "__version__",
    "bench",
    "decode_run",
    "encode_run",
    "limit",
    "load_settings",
    "open_store",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'assay' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
