"""ONNX Runtime: any ONNX model, its operators timed by the runtime's own profiler."""

from __future__ import annotations

from assay.backends.adapters.onnxruntime.model import OnnxModel
from assay.backends.backend import Backend

PLUGIN = Backend(name="onnxruntime", title="ONNX files, by ONNX Runtime", open=OnnxModel)
