"""A model, whatever it is kept in: what it is, and its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.engine.architecture import Architecture
from assay.engine.files.folder import read_folder
from assay.engine.files.gguf import read_gguf
from assay.engine.tensors import Tensor
from assay.errors import ModelError


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model's description and its weights, which lie in mapped files."""

    architecture: Architecture
    """Every size and switch."""
    weights: Mapping[str, Tensor]
    """Each weight by the name that ``inventory.expected`` gives it."""
    path: Path
    """The folder or the GGUF file."""

    @property
    def folder(self) -> Path:
        """Where the model's other files lie."""
        return self.path if self.path.is_dir() else self.path.parent


def open_model(path: Path | str) -> Model:
    """Reads the description and maps the weights; no weight is read yet."""
    place = Path(path)
    if place.is_dir():
        architecture, weights = read_folder(place)
    elif place.is_file() and place.suffix == ".gguf":
        architecture, weights = read_gguf(place)
    else:
        remedy = "give a folder with config.json and model.safetensors, or a .gguf file"
        what = "is not a model that the engine reads" if place.exists() else "there is no such file or folder"
        raise ModelError(what, where=str(place), remedy=remedy)
    return Model(architecture=architecture, weights=weights, path=place)
