"""Which backend runs a model: the one asked for, or the one that its files call for."""

from __future__ import annotations

from pathlib import Path

from assay.backends.asked import Asked
from assay.backends.backend import Backend, Opened
from assay.errors import PluginError, UsageError
from assay.plugins import Folder

ADAPTERS = Folder("assay.backends.adapters")

EXTRAS = {"onnxruntime": "onnx", "pytorch": "torch", "llamacpp": "llamacpp"}
"""Extra of this package that installs what a backend needs."""


def choose(name: str | None, model: str) -> str:
    """The backend's name; raises where the model says too little to choose by."""
    if name is not None:
        return name
    if model == "null":
        return "null"
    if model.startswith("preset:"):
        return "vgpu"
    if model.startswith(("http://", "https://")):
        return "openai"
    path = Path(model)
    if not path.exists():
        raise UsageError("there is no such model", where=model, remedy="name a file, a folder, or preset:llama-15m")
    if path.suffix == ".onnx":
        return "onnxruntime"
    if path.suffix == ".gguf" or (path / "config.json").is_file() or path.suffix == ".safetensors":
        return "vgpu"
    remedy = "give an ONNX or GGUF file, a folder with config.json, or choose with --backend"
    raise UsageError("it is not clear what runs this model", where=model, remedy=remedy)


def open_model(name: str | None, asked: Asked) -> Opened:
    """The model, opened by its backend."""
    chosen = choose(name, asked.model)
    try:
        backend: Backend = ADAPTERS.load(chosen)
    except PluginError as error:
        extra = EXTRAS.get(chosen)
        remedy = f"install it: pip install 'assay[{extra}]'" if extra else error.remedy
        raise PluginError(error.what, remedy=remedy) from error
    return backend.open(asked)
