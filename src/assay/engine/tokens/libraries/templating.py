"""Jinja's sandbox as chat templates know it: ``pip install 'assay[llm]'``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

VALUE_SIZE = 64 << 20


class TemplateError(Exception):
    """What a template itself complains about, for example roles that don't alternate."""


class Sandbox(ImmutableSandboxedEnvironment):
    """A template can't make a value of any size by multiplying."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The product, where it is a small one."""
        sizes = [len(value) if hasattr(value, "__len__") else abs(value) for value in (left, right)]
        too_large = max(sizes) > 1000 if operator == "**" else sizes[0] * sizes[1] > VALUE_SIZE
        if too_large:
            raise TemplateError("a value would be too large")
        return super().call_binop(context, operator, left, right)


class Generation(Extension):
    """``{% generation %}`` marks what the model said, for training; here its content stands as it is."""

    tags = {"generation"}  # noqa: RUF012 - the library's own way

    def parse(self, parser: Any) -> Any:
        """The statements between the two tags."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body, lineno=line)


def environment() -> ImmutableSandboxedEnvironment:
    """Jinja's sandbox whose values can't be changed, with the few names that templates count on."""
    sandbox = Sandbox(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols", Generation],
    )
    sandbox.filters["tojson"] = _to_json
    sandbox.globals["raise_exception"] = _complain
    sandbox.globals["strftime_now"] = _now
    return sandbox


def _to_json(value: Any, indent: int | None = None, **options: Any) -> str:
    """Plain JSON: characters stay what they are, and nothing is escaped for HTML."""
    return json.dumps(value, ensure_ascii=bool(options.pop("ensure_ascii", False)), indent=indent, **options)


def _complain(message: str) -> NoReturn:
    raise TemplateError(message)


def _now(form: str) -> str:
    return datetime.now().astimezone().strftime(form)


PLUGIN = environment
