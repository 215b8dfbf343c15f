"""``assay campaign run`` and ``resume``: carry out what waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.command import command
from assay.cli.emit import Answer, Output, emit, json_output
from assay.cli.session import Session
from assay.errors import PlanError

if TYPE_CHECKING:
    from assay.campaign.running.runner import Sitting

FAILED, INTERRUPTED = 1, 130
_STATUSES = {0: "every experiment is done", FAILED: "some failed, or are held", INTERRUPTED: "stopped on request"}


@command(examples=["assay campaign run sizes.yaml"], statuses=_STATUSES)
@json_output
@click.argument("file", type=click.Path(path_type=Path))
def run(session: Session, file: Path, output: Output) -> int:
    """Carry out the experiments that FILE means; each becomes a run of the store, exactly once.

    It may be killed at any moment: `assay campaign resume FILE` goes on where it was. A program that was being measured
    then keeps its device until it has ended, and its result counts.
    """
    return _carry_out(session, file, output, fence=False, must_be_new=True)


@command(examples=["assay campaign resume sizes.yaml", "assay campaign resume sizes.yaml --fence"], statuses=_STATUSES)
@json_output
@click.option("--fence", is_flag=True, help="Kill what an earlier call left running, instead of waiting for it.")
@click.option("--again", is_flag=True, help="Try experiments once more that failed as often as they may.")
@click.argument("file", type=click.Path(path_type=Path))
def resume(session: Session, file: Path, output: Output, *, fence: bool, again: bool) -> int:
    """Go on with a campaign that was stopped or killed, or whose FILE has changed.

    What is done stays done; experiments that are new in the file are added, and those it no longer names are withdrawn.
    Groups that were held are tried again.
    """
    return _carry_out(session, file, output, fence=fence, again=again)


def _carry_out(
    session: Session, file: Path, output: Output, *, fence: bool, must_be_new: bool = False, again: bool = False
) -> int:
    from assay.campaign.grid.campaign import read_campaign
    from assay.campaign.manifest.place import place_of
    from assay.campaign.results.status import read_status
    from assay.campaign.running.rest import check_cooling
    from assay.campaign.running.runner import Sitting
    from assay.cli.views.campaign.status import status_lines

    campaign = read_campaign(file)
    check_cooling(campaign)
    place = place_of(session.store.layout.root, file)
    if must_be_new and place.manifest.exists():
        remedy = f"go on with it: assay campaign resume {file}"
        raise PlanError("this campaign was begun already", where=str(file), remedy=remedy)
    with Sitting(campaign, session.store, place) as sitting:
        sitting.plan(again=again)
        with session.progress(campaign.name) as progress:
            is_over = sitting.carry_out(_shower(sitting, progress), fence=fence)
        document = read_status(sitting.manifest, file, is_running=False)
    emit(session, Answer(document=document, lines=lambda width: status_lines(document, width)), output)
    session.console.note(f"next: assay campaign {'report' if is_over else 'resume'} {file}")
    if not is_over:
        return INTERRUPTED
    return 0 if document.state == "complete" else FAILED


def _shower(sitting: Sitting, progress: Any) -> Callable[[], None]:
    """What is shown at every look: how far it is, what runs, and the time that is left."""
    from assay.campaign.manifest.states import State
    from assay.campaign.results.status import left_s
    from assay.record.words.numbers import number_text

    def show() -> None:
        if progress.mode == "never":
            return
        counts = sitting.manifest.counts()
        total = sum(number for state, number in counts.items() if state is not State.WITHDRAWN)
        rest_s = left_s(sitting.manifest, len(sitting.campaign.devices))
        left = "" if rest_s is None else f"about {number_text(rest_s, 's')} left"
        running = " ".join(row.label for row in sitting.manifest.rows(State.RUNNING))
        progress.update(counts.get(State.DONE, 0), total, f"{left}  {running}".strip())

    return show
