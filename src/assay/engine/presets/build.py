"""Builds a preset in the cache folder, once: config, weights, tokenizer; or one GGUF file."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from assay.engine.blocks import FORMATS
from assay.engine.files.configuration.read import architecture_of
from assay.engine.files.writing import write_safetensors
from assay.engine.presets.gguf_file import write_decoder_gguf
from assay.engine.presets.shapes import PRESETS, VOCABULARY, configuration
from assay.engine.presets.vocabulary import CHAT, SPECIAL, tokenizer_json
from assay.engine.presets.weights import pieces, tensors
from assay.engine.quantise import encode
from assay.errors import ModelError

PREFIX = "preset:"
EDITION = 2
"""Counts up whenever a preset's bytes change, so that an old one is not taken for the new."""
FOLDER_KINDS = ("f32", "f16", "bf16")


def preset_path(name: str, kind: str = "bf16", cache: Path | None = None) -> Path:
    """Where the preset lies, built now if it isn't there: a folder for plain floats, a GGUF file for blocks.

    ``name`` with or without ``preset:`` before it.
    """
    short = name.removeprefix(PREFIX)
    if short not in PRESETS:
        near = get_close_matches(short, PRESETS, n=1)
        remedy = f"did you mean {PREFIX}{near[0]}?" if near else f"there are {', '.join(PRESETS)}"
        raise ModelError(f"there is no preset {short!r}", remedy=remedy)
    if kind not in FORMATS:
        raise ModelError(f"there is no format {kind!r} of weights", remedy=f"there are {', '.join(FORMATS)}")
    place = (cache or cache_folder()) / "presets" / f"{short}-{kind}-{EDITION}"
    if not place.is_dir():
        _build(place, short, kind)
    return place if kind in FOLDER_KINDS else place / "model.gguf"


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/assay``, or ``~/.cache/assay``."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "assay"


def _build(place: Path, name: str, kind: str) -> None:
    """In a folder beside it that is renamed when it is whole; of two builders, one wins and both have it."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise _full(place.parent, error) from error
    try:
        _writer(kind)(work, name, kind)
        work.chmod(0o755)
        work.rename(place)
    except OSError as error:
        if not place.is_dir():
            raise _full(place.parent, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _full(folder: Path, error: OSError) -> ModelError:
    reason = (error.strerror or str(error)).lower()
    remedy = "free some space, or set XDG_CACHE_HOME to a folder that has it"
    return ModelError(f"the preset can't be built: {reason}", where=str(folder), remedy=remedy)


def _writer(kind: str) -> Callable[[Path, str, str], None]:
    return write_folder if kind in FOLDER_KINDS else write_file


def write_file(folder: Path, name: str, kind: str) -> None:
    """model.gguf, with everything in it."""
    architecture = architecture_of(configuration(name), name)
    numbers = partial(pieces, name)
    write_decoder_gguf(folder / "model.gguf", architecture, kind, numbers, vocabulary=VOCABULARY)


def write_folder(folder: Path, name: str, kind: str) -> None:
    """config.json, model.safetensors, tokenizer.json and tokenizer_config.json."""
    config = configuration(name)
    architecture = architecture_of(config, name)
    dtype = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}[kind]
    _write_json(folder / "config.json", config | {"torch_dtype": dtype})
    begin = not name.startswith("qwen")
    _write_json(folder / "tokenizer.json", tokenizer_json(VOCABULARY, begin=begin))
    _write_json(folder / "tokenizer_config.json", _tokenizer_config())
    shapes = [(weight, shape) for weight, shape, _ in tensors(name, architecture)]
    data = (
        encode(kind, piece.reshape(-1)).tobytes() for weight, shape in shapes for piece in pieces(name, weight, shape)
    )
    write_safetensors(folder / "model.safetensors", kind, shapes, data)


def _tokenizer_config() -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": SPECIAL[1],
        "eos_token": SPECIAL[2],
        "unk_token": SPECIAL[0],
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT,
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
