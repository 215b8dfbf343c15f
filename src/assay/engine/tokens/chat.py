"""Chat templates: Jinja programs of strangers, run in its sandbox with limits and with what transformers gives them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from assay.engine.tokens.library import guarded, load
from assay.errors import ModelError

TEMPLATE_CHARACTERS = 1 << 20


def render(template: str, messages: list[dict[str, Any]], values: Mapping[str, Any], where: str) -> str:
    """The conversation as one text."""
    if len(template) > TEMPLATE_CHARACTERS:
        raise ModelError(f"a chat template of {len(template)} characters is none", where=where, remedy="mend the file")
    known = {"tools": None, "documents": None, **values}

    def rendered() -> str:
        return str(_compiled(template).render(messages=messages, **known))

    return guarded(rendered, where, "the chat template fails")


@lru_cache(maxsize=16)
def _compiled(template: str) -> Any:
    return _environment().from_string(template)


@lru_cache(maxsize=1)
def _environment() -> Any:
    return load("templating")()
