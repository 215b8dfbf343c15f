"""Chat templates: Jinja programs of strangers, run in its sandbox with limits and with what transformers gives them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

from assay.engine.tokens.library import guarded, jinja2
from assay.errors import ModelError

TEMPLATE_CHARACTERS = 1 << 20
RENDERED_CHARACTERS = 64 << 20


class TemplateError(Exception):
    """What a template itself complains about, for example roles that don't alternate."""


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
    """Jinja's sandbox whose values can't be changed, with the few names that templates count on."""
    library = jinja2()
    environment = _sandbox(library)(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols", _generation(library)],
    )
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _complain
    environment.globals["strftime_now"] = _now
    return environment


def _sandbox(library: Any) -> type:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    del library

    class Sandbox(ImmutableSandboxedEnvironment):
        """A template can't make a value of any size by multiplying."""

        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            """The product, where it is a small one."""
            sizes = [len(value) if hasattr(value, "__len__") else abs(value) for value in (left, right)]
            if (operator == "**" and max(sizes) > 1000) or (
                operator == "*" and sizes[0] * sizes[1] > RENDERED_CHARACTERS
            ):
                raise TemplateError("a value would be too large")
            return super().call_binop(context, operator, left, right)

    return Sandbox


def _generation(library: Any) -> type:
    """``{% generation %}``: marks what the model said, for training; here its content stands as it is."""
    from jinja2.ext import Extension

    class Generation(Extension):
        """Passes its content through."""

        tags = {"generation"}  # noqa: RUF012 - the library's own way

        def parse(self, parser: Any) -> Any:
            """The statements between the two tags."""
            line = next(parser.stream).lineno
            body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
            return library.nodes.Scope(body, lineno=line)

    return Generation


def _to_json(value: Any, indent: int | None = None, **options: Any) -> str:
    """Plain JSON: characters stay what they are, and nothing is escaped for HTML."""
    return json.dumps(value, ensure_ascii=bool(options.pop("ensure_ascii", False)), indent=indent, **options)


def _complain(message: str) -> NoReturn:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now().astimezone().strftime(form)
