"""Writes the reference pages that the code itself knows: commands, metrics, formats, patterns, settings.

They go into ``reference/generated`` before Sphinx reads its sources, so that no page can lag behind the code.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import msgspec
from sphinx.application import Sphinx

from assay.analyze.functions.table import FUNCTIONS
from assay.analyze.rules.load import load_rules
from assay.analyze.rules.rule import Rule
from assay.cli import app
from assay.cli.start import tree
from assay.record.arrow import HISTORY as SERIES_HISTORY
from assay.record.arrow import SCHEMAS, VERSIONS
from assay.record.documents import DOCUMENTS
from assay.record.metrics import glossary_markdown
from assay.record.schema import HISTORY, run_schema, schema_of
from assay.report.escape import for_markdown
from assay.settings.keys import KEYS, OTHER_VARIABLES

WIDTH = 92


def setup(application: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    application.connect("builder-inited", write_pages)
    return {"version": "1", "parallel_read_safe": True}


def write_pages(application: Sphinx) -> None:
    """Write every generated page; one that did not change keeps its time stamp."""
    folder = Path(application.srcdir) / "reference" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        path, text = folder / f"{name}.md", make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def commands_page() -> str:
    """The help of every command."""
    parts = [f"## assay {one.name}\n\n{one.summary}.\n\n```text\n{_help(one.name)}\n```\n" for one in tree.ENTRIES]
    return "\n".join(["# Commands\n\nWhat `assay COMMAND --help` prints.\n", *parts])


def _help(name: str) -> str:
    command = app.load(name)
    if command is None:
        raise LookupError(f"the table names no command {name!r}")
    context = click.Context(command, info_name=f"assay {name}", terminal_width=WIDTH, max_content_width=WIDTH)
    return command.get_help(context).rstrip()


def metrics_page() -> str:
    """The glossary of metrics, by group."""
    head = "# Metrics\n\nEvery number of a run that has a name. `assay metrics` prints the same.\n"
    return f"{head}\n{glossary_markdown()}"


def schema_page() -> str:
    """The run record, type by type."""
    schema = run_schema()
    history = table(("version", "what it was"), HISTORY)
    parts = [
        "# Run record\n\n`assay schema run` prints the JSON Schema (draft 2020-12) that these tables are made from.\n",
        f"## Versions\n\n{history}",
        *_types(schema["$defs"], first="Run"),
    ]
    return "\n".join(parts)


def documents_page() -> str:
    """What ``--json`` prints, command by command."""
    parts = ["# JSON documents\n\nWhat `--json` prints. `assay schema NAME` prints the JSON Schema of one.\n"]
    for name, kind in DOCUMENTS.items():
        root = schema_of(kind)
        definition = root["$defs"][root["$ref"].rpartition("/")[2]]
        parts.append(f"## {name}\n\n{definition['description']}\n\n{_fields(definition)}")
    return "\n".join(parts)


def _types(definitions: dict[str, dict[str, Any]], first: str) -> list[str]:
    names = [first, *(name for name in definitions if name != first)]
    return [_type(name, definitions[name]) for name in names]


def _type(name: str, definition: dict[str, Any]) -> str:
    head = f"## {name}\n\n{definition.get('description', '')}\n"
    if "enum" in definition:
        return f"{head}\nOne of: {', '.join(f'`{value}`' for value in definition['enum'])}.\n"
    return f"{head}\n{_fields(definition)}"


def _fields(definition: dict[str, Any]) -> str:
    required = set(definition.get("required", ()))
    rows = [
        (f"`{name}`", _kind(rules), "" if name in required else _default(rules), rules.get("description", ""))
        for name, rules in definition.get("properties", {}).items()
    ]
    return table(("field", "type", "default", "meaning"), rows)


def _kind(rules: dict[str, Any]) -> str:
    if "$ref" in rules:
        return str(rules["$ref"]).rpartition("/")[2]
    if "anyOf" in rules:
        return " or ".join(dict.fromkeys(_kind(option) for option in rules["anyOf"]))
    if rules.get("type") == "array":
        inner = rules.get("items") or (rules.get("prefixItems") or [{}])[0]
        return f"list of {_kind(inner) if isinstance(inner, dict) and inner else 'anything'}"
    if "const" in rules or "enum" in rules:
        return " or ".join(f"`{value}`" for value in rules.get("enum", [rules.get("const")]))
    return str(rules.get("type", "anything"))


def _default(rules: dict[str, Any]) -> str:
    default = msgspec.json.encode(rules.get("default")).decode()
    return f"`{default}`" if len(default) < 40 else "see the schema"


def series_page() -> str:
    """The Parquet tables of a run, column by column."""
    head = "# Tables of a run\n\nParquet files beside `run.json`; any Parquet reader opens them as they are.\n"
    parts = [head]
    for kind, schema in SCHEMAS.items():
        rows = [
            (f"`{field.name}`", str(field.type), "yes" if field.nullable else "no", field.metadata[b"meaning"].decode())
            for field in schema
        ]
        parts.append(f"## {kind.value} {VERSIONS[kind]}\n\n{table(('column', 'type', 'null', 'meaning'), rows)}")
    history = table(("table", "version", "what it was"), ((kind.value, *rest) for kind, *rest in SERIES_HISTORY))
    return "\n".join([*parts, f"## Versions\n\n{history}"])


def settings_page() -> str:
    """Every setting and where it may be set."""
    rows = [
        (f"`{key.name}`", f"`{key.variable}`", ", ".join(key.choices) or key.kind, f"`{key.default}`", key.meaning)
        for key in KEYS
    ]
    others = ", ".join(f"`{name}`" for name in OTHER_VARIABLES)
    return "\n".join(
        [
            "# Settings\n",
            "What is set nearest to the command counts: an option, then a variable, then `assay.toml` or",
            "`[tool.assay]` in `pyproject.toml` of the folder or one above it, then the user's own file, then the",
            "default. `assay config show --origin` says which one it was.\n",
            table(("key", "variable", "values", "default", "meaning"), rows),
            f"Variables that are no settings: {others}.\n",
        ]
    )


def patterns_page() -> str:
    """Every pattern in full, by family."""
    rules = sorted(load_rules().rules, key=lambda rule: (rule.text.family.value, rule.text.id))
    head = f"# Patterns\n\n{len(rules)} causes are recognised. `assay patterns show NAME` prints one word for word.\n"
    parts = [head]
    for family, members in itertools.groupby(rules, key=lambda rule: rule.text.family.value):
        parts.append(f"## {family}\n")
        parts += [_pattern(rule) for rule in members]
    return "\n".join(parts)


def _pattern(rule: Rule) -> str:
    text = rule.text
    conditions = "\n".join(f"- `{condition}`" for condition in text.when)
    advice = "\n".join(f"- {for_markdown(suggestion)}" for suggestion in text.suggestions)
    meaning = for_markdown(f"{text.title}. {text.meaning}")
    return (
        f"### {text.id}\n\n{meaning}\n\nIt holds for a {text.scope.value} where\n\n{conditions}\n\n"
        f"with the confidence `{text.confidence}`. {for_markdown(text.uncertainty)}\n\nWhat to do:\n\n{advice}\n"
    )


def functions_page() -> str:
    """Functions that conditions of patterns may call."""
    rows = [
        (
            f"`{name}({', '.join(kind.value for kind in one.signature.parameters)})`",
            one.signature.unit or one.signature.returns.value,
            ", ".join(sorted(one.signature.needs)),
            one.signature.meaning,
        )
        for name, one in sorted(FUNCTIONS.items())
    ]
    head = "# Functions of patterns\n\nWhat conditions may ask about a place. `assay patterns lint` checks them.\n"
    return f"{head}\n{table(('function', 'unit', 'needs', 'meaning'), rows)}"


PAGES: dict[str, Callable[[], str]] = {
    "commands": commands_page,
    "metrics": metrics_page,
    "run-record": schema_page,
    "documents": documents_page,
    "series": series_page,
    "patterns": patterns_page,
    "pattern-functions": functions_page,
    "settings": settings_page,
}
