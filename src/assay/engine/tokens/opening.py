"""Finds a model's tokenizer: tokenizer.json with tokenizer_config.json, or what a GGUF file embeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.engine.files.mapping import parse_object, text_bytes
from assay.engine.tokens.embedded import gguf_tokenizer
from assay.engine.tokens.library import guarded, tokenizers
from assay.engine.tokens.tokenizer import Tokenizer
from assay.errors import ModelError

TOKENIZER_BYTES = 256 << 20
ROLES = ("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token")


def open_tokenizer(path: Path | str) -> Tokenizer:
    """The tokenizer of a model's folder or GGUF file; a tokenizer.json beside the file goes first."""
    place = Path(path)
    if place.suffix == ".gguf" and not place.is_dir():
        beside = place.with_name("tokenizer.json").is_file()
        return folder_tokenizer(place.parent) if beside else gguf_tokenizer(place)
    return folder_tokenizer(place)


def folder_tokenizer(folder: Path) -> Tokenizer:
    """From tokenizer.json; whether text begins and ends with special tokens may stand in tokenizer_config.json."""
    path = folder / "tokenizer.json"
    if not path.is_file():
        remedy = "download the model's tokenizer.json beside its weights"
        raise ModelError("there is no tokenizer.json", where=str(folder), remedy=remedy)
    backend = backend_of(text_bytes(path, TOKENIZER_BYTES), str(path))
    config, where = _config(folder), str(folder / "tokenizer_config.json")
    special = {role: text for role in ROLES if (text := _text(config.get(role), role, where)) is not None}
    _add_ends(backend, config, special, where)
    template = _template(folder, config, where)
    return Tokenizer(backend=backend, where=str(path), special=special, chat_template=template)


def backend_of(content: bytes, where: str) -> Any:
    """The library's tokenizer, with neither cutting nor padding, which are the caller's business."""
    _check_template(parse_object(content, where).get("post_processor"), where)
    library = tokenizers()
    backend = guarded(lambda: library.Tokenizer.from_buffer(content), where, "not a tokenizer")
    backend.no_truncation()
    backend.no_padding()
    return backend


def _check_template(processor: Any, where: str) -> None:
    """A template that names tokens which it doesn't define makes the library panic, with a trace on the terminal."""
    if not isinstance(processor, dict):
        return
    inner = processor.get("processors")
    for one in inner if isinstance(inner, list) else []:
        _check_template(one, where)
    defined = processor.get("special_tokens")
    for form in ("single", "pair"):
        pieces = processor.get(form)
        for piece in pieces if isinstance(pieces, list) else []:
            token = piece.get("SpecialToken") if isinstance(piece, dict) else None
            name = token.get("id") if isinstance(token, dict) else None
            if isinstance(name, str) and isinstance(defined, dict) and name not in defined:
                what = f"`post_processor.{form}` names {ascii(name)[:60]}, which it does not define"
                raise ModelError(what, where=where, remedy="mend the file")


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "tokenizer_config.json"
    return parse_object(text_bytes(path), str(path)) if path.is_file() else {}


def _text(value: Any, role: str, where: str) -> str | None:
    """A special token is a text, or an object that describes one."""
    text = value.get("content") if isinstance(value, dict) else value
    if text is not None and not isinstance(text, str):
        raise ModelError(f"`{role}` must be a text", where=where, remedy="mend the file")
    return text


def _add_ends(backend: Any, config: dict[str, Any], special: dict[str, str], where: str) -> None:
    """Where the configuration says whether texts get a beginning or an end, that replaces what tokenizer.json does."""
    flags = {role: config.get(f"add_{role}") for role in ("bos_token", "eos_token")}
    if all(flag is None for flag in flags.values()):
        return
    added = {role: special[role] for role, flag in flags.items() if flag and role in special}
    ids = [(text, backend.token_to_id(text)) for text in added.values()]
    if any(token is None for _, token in ids):
        raise ModelError(f"{added} are no tokens of tokenizer.json", where=where, remedy="mend the file")
    pieces = [added.get("bos_token"), "$A", added.get("eos_token")]
    form = [piece for piece in pieces if piece is not None]

    def process() -> None:
        backend.post_processor = tokenizers().processors.TemplateProcessing(single=form, special_tokens=ids)

    guarded(process, where, "special tokens can't be added")


def _template(folder: Path, config: dict[str, Any], where: str) -> str | None:
    """A file of its own goes before the configuration; of several named ones, the default."""
    path = folder / "chat_template.jinja"
    if path.is_file():
        return text_bytes(path, 1 << 20).decode("utf-8", "replace")
    said = config.get("chat_template")
    if isinstance(said, list):
        named = {one.get("name"): one.get("template") for one in said if isinstance(one, dict)}
        said = named.get("default")
    return _text(said, "chat_template", where)
