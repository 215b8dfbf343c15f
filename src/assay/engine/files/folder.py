"""A model as Hugging Face lays it out: a folder with config.json and weights in one or several safetensors files."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from assay.engine.architecture import Architecture
from assay.engine.files.configuration.keys import Keys
from assay.engine.files.configuration.read import read_configuration
from assay.engine.files.inventory import checked
from assay.engine.files.mapping import parse_object, text_bytes
from assay.engine.files.naming import one_spelling
from assay.engine.files.safetensors import read_safetensors
from assay.engine.tensors import Tensor
from assay.errors import ModelError

WHOLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
SHARD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=+-]*\.safetensors")


def read_folder(folder: Path) -> tuple[Architecture, dict[str, Tensor]]:
    """The folder's architecture and weights."""
    architecture = read_configuration(folder / "config.json")
    where, found = _weights(folder)
    return with_end_tokens(architecture, folder), checked(architecture, one_spelling(found, architecture), str(where))


def with_end_tokens(architecture: Architecture, folder: Path) -> Architecture:
    """Where there is a generation_config.json, the tokens that it names end a text too."""
    path = folder / "generation_config.json"
    if not path.is_file():
        return architecture
    keys = Keys(found=parse_object(text_bytes(path), str(path)), defaults={"eos_token_id": None}, where=str(path))
    ends = dict.fromkeys((*architecture.end_tokens, *keys.integers("eos_token_id")))
    return msgspec.structs.replace(architecture, end_tokens=tuple(ends))


def _weights(folder: Path) -> tuple[Path, dict[str, Tensor]]:
    index = folder / INDEX
    if index.is_file():
        return index, _sharded(index)
    whole = folder / WHOLE
    if not whole.is_file():
        other = next((path.name for path in sorted(folder.glob("*.bin"))), "")
        remedy = f"convert {other} to safetensors" if other else "give a folder with config.json and safetensors files"
        raise ModelError(f"there is neither {WHOLE} nor {INDEX}", where=str(folder), remedy=remedy)
    return whole, read_safetensors(whole)


def _sharded(index: Path) -> dict[str, Tensor]:
    """The tensors that the index lists, each from the file that it names; files lie beside the index."""
    said = parse_object(text_bytes(index), str(index)).get("weight_map")
    if not isinstance(said, dict) or not said:
        raise ModelError("`weight_map` must be an object", where=str(index), remedy="download the model again")
    for file in said.values():
        if not isinstance(file, str) or not SHARD.fullmatch(file):
            what = f"`weight_map` names {ascii(file)[:80]}, which is no safetensors file beside it"
            raise ModelError(what, where=str(index), remedy="download the model again")
    shards = {file: read_safetensors(index.with_name(file)) for file in sorted(set(said.values()))}
    for name, file in said.items():
        if name not in shards[file]:
            what = f"has no tensor {name!r}, which {index.name} says it has"
            raise ModelError(what, where=str(index.with_name(file)), remedy="download the model again")
    return {name: shards[file][name] for name, file in said.items()}
