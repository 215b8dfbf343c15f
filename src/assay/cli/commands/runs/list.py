"""``assay runs list``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from assay.cli.command import command, gathered
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.moments import moment
from assay.cli.session import Session
from assay.cli.start.guard import one_line
from assay.cli.views.listing import listing
from assay.errors import RecordError
from assay.record.documents import RunLine, RunsList
from assay.record.enums import Backend, Status
from assay.store import RunFilter, RunRow

_ON_A_TERMINAL = 50
_STATUSES = [status.value for status in Status]
_BACKENDS = [backend.value for backend in Backend]
_SORTS: dict[str, Callable[[RunRow], tuple[Any, ...]]] = {
    "created": lambda row: (row.created,),
    "wall_s": lambda row: (row.wall_s is None, -(row.wall_s or 0)),
    "energy_j": lambda row: (row.energy_j is None, -(row.energy_j or 0)),
    "size_bytes": lambda row: (-row.size_bytes,),
    "target": lambda row: (row.target, row.id),
}
"""Orders beside the newest first: the largest first, and what has no number last."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which runs are wanted; what is None is not asked for."""

    status: str | None
    backend: str | None
    target: str | None
    model: str | None
    workload: str | None
    campaign: str | None
    tag: str | None
    since: str | None
    until: str | None

    def given(self, now: datetime) -> RunFilter:
        """The filters of the store."""
        chosen: RunFilter = {}
        for name in ("status", "backend", "target", "model", "workload", "campaign", "tag"):
            if (text := getattr(self, name)) is not None:
                chosen[name] = text
        if self.since is not None:
            chosen["since"] = moment(self.since, now, "--since")
        if self.until is not None:
            chosen["until"] = moment(self.until, now, "--until")
        return chosen


_FILTERS = (
    click.option(
        "--status", type=click.Choice(_STATUSES), metavar="STATUS", help=f"How it ended: {', '.join(_STATUSES)}."
    ),
    click.option(
        "--backend", type=click.Choice(_BACKENDS), metavar="NAME", help=f"What executed it: {', '.join(_BACKENDS)}."
    ),
    click.option("--target", metavar="NAME", help="What was launched, as the list names it."),
    click.option("--model", metavar="NAME", help="The model that was run."),
    click.option("--workload", metavar="NAME", help="What the target was asked to do."),
    click.option("--campaign", metavar="ID", help="The campaign the run belongs to."),
    click.option("--tag", metavar="NAME", help="A tag, or a pattern such as 'nightly-*'."),
    click.option("--since", metavar="MOMENT", help="Begun then or later: 2024-11-19, or 90m, 12h, 7d ago."),
    click.option("--until", metavar="MOMENT", help="Begun before then."),
)
_LIMIT_HELP = f"At most N, 0 for all. By default {_ON_A_TERMINAL} on a terminal, and all elsewhere."
_SORT_HELP = f"What stands first: the newest, or the largest {', '.join(list(_SORTS)[1:-1])}; or by target."


@command(
    examples=[
        "assay runs list --status failed --since 7d",
        "assay runs list --sort wall_s --limit 10",
        "assay runs list --backend vgpu --json",
    ]
)
@gathered("filters", Filters, *_FILTERS)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help=_LIMIT_HELP)
@click.option("--sort", type=click.Choice(list(_SORTS)), metavar="KEY", default="created", help=_SORT_HELP)
@output_options
def list_runs(session: Session, filters: Filters, limit: int | None, sort: str, output: Output) -> None:
    """List runs, newest first."""
    console = session.console
    for_person = console.width is not None and not output.as_json and not output.outputs
    most = limit if limit is not None else (_ON_A_TERMINAL if for_person else 0)
    wanted = filters.given(datetime.now(UTC))
    rows = _chosen(session, wanted, sort, most)
    shown = rows[:most] if most else rows
    document = RunsList(store=session.store.location, runs=tuple(map(_as_line, shown)))
    emit(
        session,
        Answer(document=document, lines=lambda width: listing(shown, width), rows=document.runs, row_type=RunLine),
        output,
    )
    if len(rows) > len(shown):
        console.note(f"these are the first {len(shown)}; --limit 0 shows all")
    if not rows:
        console.note(*_nothing(session, wanted))
    if unreadable := session.store.unreadable():
        console.complain(_about_unreadable(unreadable))


def _chosen(session: Session, filters: RunFilter, sort: str, most: int) -> Sequence[RunRow]:
    """The runs in order; one more than wanted, so that the rest can be spoken of."""
    if sort == "created":
        return session.store.runs(**({**filters, "limit": most + 1} if most else filters))
    rows = session.store.runs(**filters)
    return sorted(rows, key=_SORTS[sort])


def _as_line(row: RunRow) -> RunLine:
    return msgspec.convert(row, RunLine, from_attributes=True)


def _about_unreadable(reasons: dict[str, str]) -> str:
    """What is in the store and can't be listed: a damaged run must not be missed by nobody noticing."""
    ulid, reason = min(reasons.items())
    count = "one run" if len(reasons) == 1 else f"{len(reasons)} runs"
    about = RecordError(f"{count} can't be read, such as {ulid}: {reason}", remedy=f"see `assay runs validate {ulid}`")
    return f"assay: {one_line(about)}"


def _nothing(session: Session, filters: RunFilter) -> list[str]:
    if filters:
        return ["no run fits; `assay runs list` without filters shows all"]
    return [f"no runs yet in {session.store.location}", "begin with `assay demo` or `assay profile -- COMMAND`"]
