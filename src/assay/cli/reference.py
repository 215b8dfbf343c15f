"""The argument that names a run; the shell completes ids and tags."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from assay.cli.command import FLAGS
from assay.cli.session import open_session
from assay.errors import AssayError

_MOST_OFFERED = 50


class Reference(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on only
    """An unambiguous beginning of an id, ``@latest``, ``@-2``, a tag, or a path."""

    name = "run"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 -- click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """Tags and the newest ids that begin as written; nothing where there is no store."""
        try:
            rows = open_session(ctx.meta.get(FLAGS, {})).store.runs(limit=_MOST_OFFERED)
        except AssayError:
            return []
        offered = {"@latest": "the newest run"}
        for row in rows:
            offered.update(dict.fromkeys(row.tags, f"{row.target}, {row.created:%Y-%m-%d %H:%M}"))
            offered[row.id] = f"{row.target}, {row.status}, {row.created:%Y-%m-%d %H:%M}"
        return [CompletionItem(word, help=text) for word, text in offered.items() if word.startswith(incomplete)]


REFERENCE = Reference()
