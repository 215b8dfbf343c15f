"""``assay runs diff``."""

from __future__ import annotations

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.views.difference import difference_lines
from assay.record.documents import RunsDiff
from assay.record.fingerprint import Difference, Group, same_configuration, same_machine, same_workload
from assay.record.fingerprint import diff as differences_between

_GROUPS = [group.value for group in Group if group is not Group.ALWAYS]


@command(
    examples=["assay runs diff @-2 @latest", "assay runs diff before after --only configuration --only machine"],
    statuses={0: "nothing differs", 1: "something differs"},
)
@click.argument("a", type=REFERENCE)
@click.argument("b", type=REFERENCE)
@click.option("--only", multiple=True, type=click.Choice(_GROUPS), help="Look at these facts only; may be repeated.")
@output_options
def diff(session: Session, a: str, b: str, only: tuple[str, ...], output: Output) -> int:
    """Show what differs between runs A and B, and only that.

    Ids and times always differ and are left out. To learn whether a difference in time is real, compare.
    """
    first, second = session.store.get(a).record, session.store.get(b).record
    found = RunsDiff(
        a=first.id,
        b=second.id,
        same_workload=same_workload(first, second),
        same_configuration=same_configuration(first, second),
        same_machine=same_machine(first, second),
        differences=tuple(d for d in differences_between(first, second) if not only or d.group.value in only),
    )
    answer = Answer(
        document=found,
        lines=lambda width: difference_lines(found, first, second, width),
        rows=found.differences,
        row_type=Difference,
    )
    emit(session, answer, output)
    return 1 if found.differences else 0
