"""The closed lists of the record. A value outside them is refused on read and on write."""

from __future__ import annotations

from enum import StrEnum


class Backend(StrEnum):
    """What executed the work."""

    VGPU = "vgpu"
    PYTORCH = "pytorch"
    ONNXRUNTIME = "onnxruntime"
    LLAMACPP = "llamacpp"
    VLLM = "vllm"
    TENSORRT_LLM = "tensorrt_llm"
    OPENAI = "openai"
    COMMAND = "command"
    NULL = "null"
    OTHER = "other"


class Precision(StrEnum):
    """The number format of the dominant arithmetic; ``unspecified`` where the target is any command."""

    FP64 = "fp64"
    FP32 = "fp32"
    TF32 = "tf32"
    BF16 = "bf16"
    FP16 = "fp16"
    FP8_E4M3 = "fp8_e4m3"
    FP8_E5M2 = "fp8_e5m2"
    FP4 = "fp4"
    INT8 = "int8"
    INT4 = "int4"
    Q8_0 = "q8_0"
    Q4_0 = "q4_0"
    Q4_K = "q4_k"
    Q6_K = "q6_k"
    MIXED = "mixed"
    UNSPECIFIED = "unspecified"


class Status(StrEnum):
    """How the run ended. Only ``complete`` is a whole measurement."""

    COMPLETE = "complete"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    INTERRUPTED = "interrupted"


class TargetKind(StrEnum):
    """What kind of thing was launched."""

    COMMAND = "command"
    MODEL = "model"
    BENCHMARK = "benchmark"
    ATTACHED = "attached"


class Phase(StrEnum):
    """The part of an inference a number belongs to; ``none`` outside inference."""

    NONE = "none"
    STARTUP = "startup"
    WARMUP = "warmup"
    PREFILL = "prefill"
    DECODE = "decode"


class TraceStep(StrEnum):
    """The steps of one token's way through a language model."""

    TOKENIZE = "Tokenize"
    EMBED = "Embed"
    ATTENTION = "Attention"
    FFN = "FFN"
    LM_HEAD = "LmHead"
    SAMPLE = "Sample"
    DECODE = "Decode"


class DeviceKind(StrEnum):
    """What kind of device did the work."""

    CPU = "cpu"
    GPU = "gpu"
    VGPU = "vgpu"
    OTHER = "other"


class Severity(StrEnum):
    """How far a quality flag reaches: ``invalid`` means the run's numbers must not be used."""

    INFO = "info"
    WARNING = "warning"
    INVALID = "invalid"


class SeriesKind(StrEnum):
    """Which published Arrow schema a series file follows."""

    SPANS = "spans"
    SAMPLES = "samples"
    HISTOGRAMS = "histograms"


class Percentiles(StrEnum):
    """How percentiles were obtained."""

    EXACT = "exact"
    SKETCH = "sketch"
    NONE = "none"


class EnergyMethod(StrEnum):
    """How an energy figure came about."""

    COUNTER = "counter"
    INTEGRATED_POWER = "integrated_power"
    MODEL = "model"


class Arrival(StrEnum):
    """How requests were sent."""

    NONE = "none"
    CLOSED = "closed"
    POISSON = "poisson"
    BATCH = "batch"
