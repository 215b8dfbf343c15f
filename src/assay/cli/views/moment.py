"""What a running target does at the moment, in a few lines for people."""

from __future__ import annotations

from pathlib import PurePath

from assay.cli.session import Session
from assay.cli.terminal.console import is_terminal
from assay.cli.terminal.live import Foot
from assay.cli.terminal.style import Line, Styled
from assay.measure.observers.board import Doing, Moment
from assay.record.diagnosis.words import CLOCK_WORDS
from assay.record.words.numbers import number_text

_MOST_CLOCKS = 4


class LiveView:
    """Shows each moment at the foot of the terminal."""

    def __init__(self, foot: Foot) -> None:
        self._foot = foot
        self.give_way, self.passed = foot.give_way, foot.passed

    def show(self, moment: Moment) -> None:
        """Show it in place of the last one."""
        self._foot.draw(lambda _: moment_lines(moment))


def live_view(session: Session) -> LiveView | None:
    """A view on standard error; none, and a word about it, where nobody could see it."""
    stream = session.console.err
    if stream is None or not is_terminal(stream):
        session.console.note("--live shows nothing: standard error is no terminal")
        return None
    return LiveView(Foot(stream.fileno(), color=session.console.err_color))


def moment_lines(moment: Moment) -> list[Line]:
    """How long it runs and what it uses, what its threads wait for, and where they are."""
    lines: list[Line] = [(Styled("assay ", "dim"), Styled("  ".join(_facts(moment)), "bold"))]
    if moment.clocks:
        shares = [f"{share:.0%} {CLOCK_WORDS[clock]}" for clock, share in moment.clocks[:_MOST_CLOCKS]]
        lines.append(("  now: ", Styled(", ".join(shares), "cyan")))
    return [*lines, *(_place(one) for one in moment.places)]


def _facts(moment: Moment) -> list[str]:
    facts = [number_text(moment.elapsed_s, "s")]
    if moment.busy_cores is not None:
        facts.append(f"{moment.busy_cores:.1f} processors")
    if moment.rss_bytes is not None:
        facts.append(number_text(float(moment.rss_bytes), "B"))
    if moment.threads is not None and moment.processes is not None:
        facts.append(f"{_count(moment.threads, 'thread')} in {_count(moment.processes, 'process', 'es')}")
    return facts


def _place(one: Doing) -> Line:
    line = f":{one.line}" if one.line else ""
    return (f"  {one.share:>4.0%}  {one.function}  ", Styled(f"{PurePath(one.file).name}{line}", "dim"))


def _count(number: int, noun: str, plural: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else plural}"
