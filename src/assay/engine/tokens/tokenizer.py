"""One tokenizer, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.engine.tokens.chat import render
from assay.engine.tokens.library import TEXT_CHARACTERS, guarded
from assay.errors import ModelError


@dataclass(frozen=True, kw_only=True)
class Tokenizer:
    """Turns text into tokens and tokens into text."""

    backend: Any
    """A ``tokenizers.Tokenizer``."""
    where: str
    """The file, for errors."""
    special: Mapping[str, str] = field(default_factory=dict)
    """Texts of special tokens by their role, for example ``bos_token``."""
    chat_template: str | None = None
    """How a conversation is written as one text; null where the model has no such form."""

    def encode(self, text: str, *, special: bool = True) -> list[int]:
        """Tokens of the text; with those that the model wants before and after it unless told otherwise."""
        if len(text) > TEXT_CHARACTERS:
            raise ModelError(f"a text of {len(text)} characters is too long", remedy="give less")
        clean = text.encode("utf-8", "replace").decode()  # halves of surrogate pairs have no UTF-8
        found = guarded(
            lambda: self.backend.encode(clean, add_special_tokens=special).ids,
            self.where,
            "the text can't be tokenised",
        )
        return list(found)

    def decode(self, tokens: Sequence[int], *, skip_special: bool = True) -> str:
        """Text of the tokens; numbers that stand for none are passed over."""
        text = guarded(
            lambda: self.backend.decode(list(tokens), skip_special_tokens=skip_special),
            self.where,
            "the tokens can't be read",
        )
        return str(text)

    def token_of(self, text: str) -> int | None:
        """The token that stands for exactly this text."""
        found = self.backend.token_to_id(text)
        return None if found is None else int(found)

    def end_tokens(self) -> tuple[int, ...]:
        """The token that ends a text, where it has one."""
        token = self.token_of(self.special["eos_token"]) if "eos_token" in self.special else None
        return () if token is None else (token,)

    def chat(self, messages: Iterable[Mapping[str, Any]], **values: Any) -> str:
        """The conversation as one text, up to where the model is to go on."""
        if self.chat_template is None:
            remedy = "ask for a completion instead, or use a model that was made for conversations"
            raise ModelError("the model has no chat template", where=self.where, remedy=remedy)
        known: dict[str, Any] = {"add_generation_prompt": True, **self.special, **values}
        return render(self.chat_template, [dict(message) for message in messages], known, self.where)
