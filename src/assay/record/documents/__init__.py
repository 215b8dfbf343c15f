"""The documents that ``--json`` prints, one type each; ``assay schema NAME`` prints a type's schema.

A document names itself and its version. A field is added under the same version; a field that is
removed, renamed or changed in meaning makes a new one.
"""

from __future__ import annotations

import inspect
from typing import Any

from assay.record.base import Record
from assay.record.ceilings import VgpuInfo
from assay.record.diagnosis.findings import Findings
from assay.record.documents.campaign.plan import CampaignPlan, PlannedCell, PlannedExperiment
from assay.record.documents.campaign.report import CampaignReport, ReportedCell
from assay.record.documents.campaign.status import (
    CampaignStatus,
    CycleStatus,
    FailedExperiment,
    HeldGroup,
    RunningExperiment,
)
from assay.record.documents.comparison import Comparison
from assay.record.documents.diagnosis import (
    Explanation,
    Pattern,
    PatternInFull,
    Patterns,
    PatternsTested,
    PatternTried,
    PlaceTried,
    Seen,
    Verdict,
    Verification,
)
from assay.record.documents.expectations import Expecting
from assay.record.documents.formats import Format, Metrics, Schemas, SeriesColumn, SeriesSchema
from assay.record.documents.history import History
from assay.record.documents.inference.infer import Inferred, OperatorLine, ProfilerCost
from assay.record.documents.inference.params import (
    CombinationRow,
    DriftRow,
    ParameterProblem,
    ParameterRow,
    Params,
    ParamsBackends,
)
from assay.record.documents.inference.trace import (
    Bottleneck,
    Bound,
    DepthSlope,
    KeysAndValues,
    Measuredness,
    Outlier,
    Roof,
    StepTimes,
    TokenTimes,
    TraceReport,
    Uncovered,
)
from assay.record.documents.measure import MeasuredExperiment, MeasuredMetric, MeasuredRun
from assay.record.documents.report import View
from assay.record.documents.runs import Change, Checked, RunLine, RunsChanged, RunsDiff, RunsList, RunsValidate
from assay.record.documents.setup import Completion, ConfigFile, ConfigPath, ConfigSet, ConfigShow, Doctor, Setting
from assay.record.documents.vgpu import BenchRow, BenchRun, TunedClass, TunedShape, VgpuBench, VgpuTune
from assay.record.schema import schema_of

__all__ = [
    "DOCUMENTS",
    "BenchRow",
    "BenchRun",
    "Bottleneck",
    "Bound",
    "CampaignPlan",
    "CampaignReport",
    "CampaignStatus",
    "Change",
    "Checked",
    "CombinationRow",
    "Comparison",
    "Completion",
    "ConfigFile",
    "ConfigPath",
    "ConfigSet",
    "ConfigShow",
    "CycleStatus",
    "DepthSlope",
    "Doctor",
    "DriftRow",
    "Expecting",
    "Explanation",
    "FailedExperiment",
    "Findings",
    "Format",
    "HeldGroup",
    "History",
    "Inferred",
    "KeysAndValues",
    "MeasuredExperiment",
    "MeasuredMetric",
    "MeasuredRun",
    "Measuredness",
    "Metrics",
    "OperatorLine",
    "Outlier",
    "ParameterProblem",
    "ParameterRow",
    "Params",
    "ParamsBackends",
    "Pattern",
    "PatternInFull",
    "PatternTried",
    "Patterns",
    "PatternsTested",
    "PlaceTried",
    "PlannedCell",
    "PlannedExperiment",
    "ProfilerCost",
    "ReportedCell",
    "Roof",
    "RunLine",
    "RunningExperiment",
    "RunsChanged",
    "RunsDiff",
    "RunsList",
    "RunsValidate",
    "Schemas",
    "Seen",
    "SeriesColumn",
    "SeriesSchema",
    "Setting",
    "StepTimes",
    "TokenTimes",
    "TraceReport",
    "TunedClass",
    "TunedShape",
    "Uncovered",
    "Verdict",
    "Verification",
    "VgpuBench",
    "VgpuTune",
    "document_schema",
    "meaning_of",
]

DOCUMENTS: dict[str, type[Record]] = {
    "campaign.plan": CampaignPlan,
    "campaign.report": CampaignReport,
    "campaign.status": CampaignStatus,
    "compare": Comparison,
    "completion": Completion,
    "config.path": ConfigPath,
    "config.set": ConfigSet,
    "config.show": ConfigShow,
    "doctor": Doctor,
    "expect": Expecting,
    "explain": Explanation,
    "findings": Findings,
    "infer": Inferred,
    "measure": MeasuredExperiment,
    "history": History,
    "metrics": Metrics,
    "params": Params,
    "params.backends": ParamsBackends,
    "patterns.list": Patterns,
    "patterns.show": PatternInFull,
    "patterns.test": PatternsTested,
    "report": View,
    "runs.changed": RunsChanged,
    "runs.diff": RunsDiff,
    "runs.list": RunsList,
    "runs.validate": RunsValidate,
    "schema": Schemas,
    "schema.series": SeriesSchema,
    "trace": TraceReport,
    "verify": Verification,
    "vgpu.bench": VgpuBench,
    "vgpu.info": VgpuInfo,
    "vgpu.tune": VgpuTune,
}
"""Every document by its name."""


def document_schema(name: str) -> dict[str, Any]:
    """JSON Schema of the document of that name."""
    kind = DOCUMENTS[name]
    version = kind.__struct_defaults__[kind.__struct_fields__.index("version")]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:assay:schema:{name}:{version}",
        "title": f"Assay document {name}",
        **schema_of(kind),
    }


def meaning_of(name: str) -> str:
    """What the document of that name says, in a line."""
    return inspect.cleandoc(DOCUMENTS[name].__doc__ or "").split("\n")[0]
