"""Writes the sample run anew when the format or a series changes: ``python -m tests.record.sample.sample_maker``."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.record.arrow import SPANS, VERSIONS
from assay.record.base import Derived, Estimated, Measured, Missing
from assay.record.codec import encode_run
from assay.record.enums import Backend, DeviceKind, Percentiles, Phase, Precision, SeriesKind, Status, TargetKind
from assay.record.environment import Environment
from assay.record.fingerprint import fingerprint
from assay.record.migration.unknown import nothing_known
from assay.record.plan import Outcome, Plan, Software, Target, Workload
from assay.record.rows import Device, Distribution, Metric, StepRow
from assay.record.run import RUN_FILE, Artifact, Clock, Run, Series
from assay.record.sample import SAMPLE_FOLDER

ID = "01JCZX5T00SAMP1E0000000000"
_START_NS, _START_UTC_NS = 1_000_000_000, 1_732_017_600_000_000_000
_WALLS_NS = (1_000_000, 1_500_000, 2_000_000)
_REASON = "left out of the sample"


def write_sample(folder: Path) -> Run:
    """The sample run in ``folder``, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    raw = folder / "raw" / "rusage" / "usage.json"
    raw.parent.mkdir(parents=True)
    raw.write_text(json.dumps({"user_s": 1.4, "system_s": 0.1}) + "\n", encoding="utf-8")
    pq.write_table(_spans(), folder / "spans.parquet", compression="zstd")
    run = _run(_described(folder, "spans.parquet"), _described(folder, "raw/rusage/usage.json"))
    (folder / RUN_FILE).write_bytes(encode_run(run))
    return run


def _described(folder: Path, file: str) -> dict[str, Any]:
    data = (folder / file).read_bytes()
    return {"file": file, "size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _spans() -> pa.Table:
    rows = [
        {
            "step": "Attention",
            "phase": "decode",
            "layer": 0,
            "token": token,
            "device": "cpu:0",
            "start_ns": _START_NS + token * 10_000_000,
            "wall_ns": wall_ns,
        }
        for token, wall_ns in enumerate(_WALLS_NS)
    ]
    return pa.Table.from_pylist(rows, schema=SPANS)


def _run(series: dict[str, Any], artifact: dict[str, Any]) -> Run:
    plan = Plan(
        target=Target(
            kind=TargetKind.COMMAND,
            name="sample",
            backend=Backend.COMMAND,
            precision=Precision.FP32,
            argv=("python3", "work.py"),
        ),
        workload=Workload(name="three tokens", output_tokens=3),
        collectors=("rusage", "spans"),
    )
    software = nothing_known(Software, _REASON, assay="0.1.0", core="python", isa="none")
    environment = nothing_known(Environment, _REASON)
    steps = (StepRow(step="Attention", layer=0, phase=Phase.DECODE, device="cpu:0", wall=_wall()),)
    return Run(
        id=ID,
        created=datetime(2024, 11, 19, 12, tzinfo=UTC),
        status=Status.COMPLETE,
        plan=plan,
        outcome=Outcome(exit_code=0),
        clock=Clock(
            source="CLOCK_MONOTONIC",
            start_ns=_START_NS,
            end_ns=3_000_000_000,
            start_utc_ns=_START_UTC_NS,
            end_utc_ns=_START_UTC_NS + 2_000_000_000,
            anchor_error_ns=250,
        ),
        fingerprints=fingerprint(plan, software, environment, steps),
        software=software,
        environment=environment,
        devices=(
            Device(id="cpu:0", kind=DeviceKind.CPU, name="processor"),
            Device(id="cpu:1", kind=DeviceKind.CPU, name="idle processor"),
        ),
        steps=steps,
        metrics=(
            Metric(name="wall_s", value=Measured(value=2.0, by="CLOCK_MONOTONIC")),
            Metric(name="cpu_s", value=Measured(value=1.5, by="rusage")),
            Metric(name="cpu_utilisation_cores", value=Derived(value=0.75, sources=("cpu_s", "wall_s"))),
            Metric(name="energy_j", value=Estimated(value=40.0, model="tdp-times-utilisation")),
            Metric(name="gpu_energy_j", value=Missing(reason="there is no GPU")),
        ),
        series=(Series(kind=SeriesKind.SPANS, schema_version=VERSIONS[SeriesKind.SPANS], rows=3, **series),),
        artifacts=(Artifact(collector="rusage", media_type="application/json", **artifact),),
    )


def _wall() -> Distribution:
    total_ns = sum(_WALLS_NS)
    return Distribution(
        count=len(_WALLS_NS),
        total_ns=total_ns,
        mean_ns=total_ns / len(_WALLS_NS),
        min_ns=min(_WALLS_NS),
        max_ns=max(_WALLS_NS),
        percentiles=Percentiles.EXACT,
        p50_ns=1_500_000.0,
        p90_ns=2_000_000.0,
        p95_ns=2_000_000.0,
        p99_ns=2_000_000.0,
    )


if __name__ == "__main__":
    write_sample(SAMPLE_FOLDER)
