"""The tokenizer inside a GGUF file: byte pairs over bytes, as ``gpt2`` files embed them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.engine.files.gguf import read_file
from assay.engine.tokens.library import guarded, tokenizers
from assay.engine.tokens.tokenizer import Tokenizer
from assay.errors import ModelError

CONTROL, USER = 3, 4
"""Types of tokens that stand in the text as they are: the model's own, and those added by whoever trained it."""
_LETTERS = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPLITS: dict[str, str | None] = {
    "default": None,
    "gpt-2": None,
    "llama-bpe": rf"{_ENDINGS}|{_LETTERS}|\p{{N}}{{1,3}}|{_REST}",
    "qwen2": rf"{_ENDINGS}|{_LETTERS}|\p{{N}}|{_REST}",
}
"""How text is cut before pairs are joined, by the name that the file gives it; none: as GPT-2 does."""
ROLES = {"bos": "bos_token", "eos": "eos_token", "unknown": "unk_token", "padding": "pad_token"}


def gguf_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of the file."""
    metadata, where = read_file(path).metadata, str(path)
    model, split = metadata.get("tokenizer.ggml.model"), metadata.get("tokenizer.ggml.pre", "default")
    if model != "gpt2" or split not in SPLITS:
        what = f"its tokenizer is of kind {ascii(model)[:40]}, {ascii(split)[:40]}, which is not supported"
        remedy = f"put the model's tokenizer.json beside it; gpt2 with one of {', '.join(SPLITS)} needs none"
        raise ModelError(what, where=where, remedy=remedy)
    tokens, merges = (_texts(metadata, f"tokenizer.ggml.{name}", where) for name in ("tokens", "merges"))
    special = _special(metadata, tokens)
    backend = guarded(lambda: _backend(tokens, merges, SPLITS[split]), where, "not a tokenizer")
    guarded(lambda: _add(backend, metadata, tokens, special), where, "not a tokenizer")
    template = metadata.get("tokenizer.chat_template")
    return Tokenizer(
        backend=backend, where=where, special=special, chat_template=template if isinstance(template, str) else None
    )


def _texts(metadata: Mapping[str, Any], key: str, where: str) -> list[str]:
    found = metadata.get(key)
    if not isinstance(found, list):
        raise ModelError(f"`{key}` must be a list of texts", where=where, remedy="convert the model again")
    return found


def _special(metadata: Mapping[str, Any], tokens: list[str]) -> dict[str, str]:
    numbers = {role: metadata.get(f"tokenizer.ggml.{name}_token_id") for name, role in ROLES.items()}
    return {role: tokens[n] for role, n in numbers.items() if isinstance(n, int) and 0 <= n < len(tokens)}


def _backend(tokens: list[str], merges: list[str], split: str | None) -> Any:
    library = tokenizers()
    pairs = [(first, second) for first, _, second in (merge.partition(" ") for merge in merges)]
    backend = library.Tokenizer(library.models.BPE(vocab={t: n for n, t in enumerate(tokens)}, merges=pairs))
    stages = [library.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=split is None)]
    if split is not None:
        stages.insert(0, library.pre_tokenizers.Split(library.Regex(split), behavior="isolated"))
    backend.pre_tokenizer = library.pre_tokenizers.Sequence(stages)
    backend.decoder = library.decoders.ByteLevel()
    return backend


def _add(backend: Any, metadata: Mapping[str, Any], tokens: list[str], special: Mapping[str, str]) -> None:
    """Tokens that stand for themselves, and those before and after every text."""
    library, kinds = tokenizers(), metadata.get("tokenizer.ggml.token_type")
    kinds = [] if kinds is None or isinstance(kinds, str | int | float) else list(kinds)
    own = [(token, kind) for token, kind in zip(tokens, kinds, strict=False) if kind in {CONTROL, USER}]
    backend.add_special_tokens([library.AddedToken(text, special=True) for text, kind in own if kind == CONTROL])
    backend.add_tokens(
        [library.AddedToken(text, special=False, normalized=False) for text, kind in own if kind == USER]
    )
    flags = {role: metadata.get(f"tokenizer.ggml.add_{role}") for role in ("bos_token", "eos_token")}
    added = {role: special[role] for role, flag in flags.items() if flag and role in special}
    if added:
        form = [piece for piece in (added.get("bos_token"), "$A", added.get("eos_token")) if piece is not None]
        ids = [(text, backend.token_to_id(text)) for text in added.values()]
        backend.post_processor = library.processors.TemplateProcessing(single=form, special_tokens=ids)
