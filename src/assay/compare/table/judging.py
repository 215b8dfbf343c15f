"""The judgement of two arrays: the table, and each claim that was named before, tested alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from assay.compare.asked import Asked
from assay.compare.structure.cell import groups_of
from assay.compare.table.arrays import Arrays
from assay.compare.table.claims import Claim, cells_meant, nearest
from assay.compare.table.lines import Naming, as_line
from assay.compare.table.values import with_values
from assay.record.documents.comparison import Cell, ComparedLine, NamedClaim, Outcome
from assay.stats.comparison import judge
from assay.stats.comparison.judgement import Judgement, Line
from assay.stats.comparison.question import Claim as Asserted
from assay.stats.comparison.question import Kind, Looks, Place, Question


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """A claim with what makes it one that was named before."""

    claim: Claim
    named_before: bool
    stated_utc_ns: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the statistics said."""

    table: Judgement
    claims: tuple[NamedClaim, ...]
    arrays: Arrays
    naming: Naming
    groups: tuple[tuple[int, ...], ...]
    """Cells of each group."""

    def line(self, line: Line) -> ComparedLine:
        """A line as the document has it; with what each unit measured, where it is one to look at."""
        made = as_line(line, self.arrays, self.naming)
        is_drawn = line.place.kind is Kind.TOTAL or line.claimed
        return with_values(made, line.place, self.arrays, self.groups) if is_drawn else made

    def all_of(self, lines: Sequence[Line]) -> tuple[ComparedLine, ...]:
        """Several."""
        return tuple(self.line(line) for line in lines)


def judged(arrays: Arrays, asked: Asked, stated: Sequence[Stated]) -> Judged:
    """The table of all lines, and what became of the claims."""
    places, groups = _places(stated, arrays.cells, groups_of(arrays.cells))
    naming = Naming(groups=tuple(groups), total=_total(arrays, asked))
    question = _question(asked, tuple(groups.values()))
    table = judge(arrays.before, arrays.after, question)
    alone = [one for one in stated if one.named_before and places[one.claim.text] is not None]
    named = replace(question, alpha=asked.alpha / max(1, len(alone)))
    claims = []
    for one in stated:
        place = places[one.claim.text]
        if place is None:
            claims.append(_without_place(one, arrays.cells))
        elif one.named_before and table.design.sound:
            claims.append(_claimed(one, _tested_alone(one.claim, place, arrays, named, naming)))
        else:
            claims.append(_claimed(one, as_line(table.line(place), arrays, naming)))
    return Judged(table=table, claims=tuple(claims), arrays=arrays, naming=naming, groups=tuple(groups.values()))


def _tested_alone(claim: Claim, place: Place, arrays: Arrays, question: Question, naming: Naming) -> ComparedLine:
    """The claim's line, tested without correction for the others."""
    answer = judge(arrays.before, arrays.after, replace(question, claim=Asserted(place=place, change=claim.change)))
    return as_line(answer.named or answer.line(place), arrays, naming)


def _question(asked: Asked, groups: tuple[tuple[int, ...], ...]) -> Question:
    looks = None if asked.looks is None else Looks(at=asked.looks.at, most=asked.looks.most)
    return Question(
        groups=groups,
        margin=asked.margin,
        alpha=asked.alpha,
        seed=asked.seed,
        looks=looks,
        despite_order=asked.despite_order,
    )


def _total(arrays: Arrays, asked: Asked) -> str:
    return asked.metric if len(arrays.cells) < 2 and arrays.before.totals is None else "total"


def _places(
    stated: Sequence[Stated], cells: Sequence[Cell], groups: dict[Cell, tuple[int, ...]]
) -> tuple[dict[str, Place | None], dict[Cell, tuple[int, ...]]]:
    """Where each claim belongs; a claim about cells that are no group yet makes one."""
    places: dict[str, Place | None] = {}
    known = dict(groups)
    for one in stated:
        members = cells_meant(one.claim, cells)
        if not members:
            places[one.claim.text] = None
        elif len(members) == len(cells):
            places[one.claim.text] = Place(kind=Kind.TOTAL)
        elif len(members) == 1:
            places[one.claim.text] = Place(kind=Kind.CELL, index=members[0])
        else:
            if members not in known.values():
                known[Cell(name=one.claim.text)] = members
            places[one.claim.text] = Place(kind=Kind.GROUP, index=list(known.values()).index(members))
    return places, known


def _without_place(one: Stated, cells: Sequence[Cell]) -> NamedClaim:
    return NamedClaim(
        claim=one.claim.text,
        named_before=one.named_before,
        stated_utc_ns=one.stated_utc_ns,
        sha256=one.sha256,
        line=None,
        verdict=Outcome.INCONCLUSIVE,
        reason=f"no cell that both sides have is meant by it; {nearest(one.claim, cells)}",
    )


def _claimed(one: Stated, line: ComparedLine) -> NamedClaim:
    verdict, reason = line.verdict, line.reason
    if not one.named_before:
        verdict, reason = _afterwards(one.claim, line)
    return NamedClaim(
        claim=one.claim.text,
        named_before=one.named_before,
        stated_utc_ns=one.stated_utc_ns,
        sha256=one.sha256,
        line=line,
        verdict=verdict,
        reason=reason,
    )


def _afterwards(claim: Claim, line: ComparedLine) -> tuple[Outcome, str]:
    """A claim made when the candidate had run already: its line of the table decides, corrected for all of them."""
    effect = line.specific or line.raw
    if effect is None or line.verdict is Outcome.INCONCLUSIVE:
        return Outcome.INCONCLUSIVE, line.reason
    wanted = claim.change
    if (wanted <= 0.0 and effect.low_together > wanted) or (wanted > 0.0 and effect.high_together < wanted):
        return Outcome.REFUTED, f"the interval lies short of {wanted:+.1%}"
    if line.verdict is Outcome.CORROBORATED:
        return Outcome.CORROBORATED, line.reason
    return Outcome.INCONCLUSIVE, line.reason or "the interval holds both the claim and less than it"
