"""The tables: one function for each part of the simulation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from assay.stats.comparison import Measurements, Question, Verdict, judge
from bench.compare.looking import STOPPING, optional_stopping, realised_power
from bench.compare.noise import Noise, Shape, one_after_the_other
from bench.compare.peers import RULES
from bench.compare.scenarios import NO_CELL_CHANGE, WITH_CHANGE, WITHOUT_CHANGE, Scenario
from bench.compare.score import Tally, draw, tally

_PEER_CELLS = 128
_MOST_OF_PEERS = 300


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, and what it says in a sentence."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def unchanged(pairs: int, only: str = "") -> Table:
    """False claims and coverage where nothing changed."""
    rows, claims, worst = [], [], 0.0
    for scenario in _of(WITHOUT_CHANGE, only):
        result = tally(scenario, pairs)
        claims.append(result.share("any claim"))
        worst = max(worst, result.lower_bound("any claim"))
        names = ("any claim", "cell or group", "covered", "covered together", "equivalent")
        bound = _percent(result.lower_bound("any claim"))
        shares = [_percent(result.share(name)) for name in names]
        rows.append((scenario.name, shares[0], bound, *shares[1:]))
    head = ("scenario", "any claim %", "at least %", "cells, groups %", "coverage %", "together %", "equivalent %")
    note = f"mean {_percent(float(np.mean(claims)))} % of any claim; largest lower bound {_percent(worst)} %"
    return Table(title="Without a change", head=head, rows=tuple(rows), notes=(note,))


def peers(pairs: int, only: str = "") -> Table:
    """Pairs without a change in which a rule calls any cell different; and what it finds of 2 %."""
    scenarios = [scenario for scenario in _of(WITHOUT_CHANGE, only) if scenario.shape.cells < _PEER_CELLS]
    rows, sums = [], np.zeros(len(RULES))
    for scenario in scenarios:
        shares = [_peer(scenario, rule, min(pairs, _MOST_OF_PEERS)) for rule in RULES]
        sums += shares
        rows.append((scenario.name, *(_percent(share) for share in shares)))
    rows.append(("mean", *(_percent(share) for share in sums / max(len(scenarios), 1))))
    for scenario in WITH_CHANGE[:2]:
        found = [_peer(scenario, rule, min(pairs, _MOST_OF_PEERS)) for rule in RULES]
        rows.append((f"exactly found: {scenario.name}", *(_percent(share) for share in found)))
    return Table(title="Rules of peers on the same pairs", head=("scenario", *RULES), rows=tuple(rows))


def _peer(scenario: Scenario, rule: str, pairs: int) -> float:
    """Any call where nothing changed; else the changed cells and no other."""
    happened = 0
    for seed in range(pairs):
        called = RULES[rule](*draw(scenario, seed), np.random.default_rng(seed))
        happened += bool((called == (scenario.effect != 0.0)).all()) if scenario.cells else bool(called.any())
    return happened / pairs


def changed(pairs: int, only: str = "") -> Table:
    """What is found."""
    rows = []
    for scenario in _of(WITH_CHANGE, only):
        result = tally(scenario, pairs)
        group = bool(result.of.get("group found"))
        found, exact = ("group found", "exact group") if group else ("found", "exact")
        names = ("named", found, exact, "beside", "covered changed", "wrong sign")
        rows.append((scenario.name, *(_percent(result.share(name)) for name in names)))
    head = ("scenario", "named before %", "found %", "exactly %", "another claimed %", "coverage %", "wrong sign %")
    return Table(title="With a change", head=head, rows=tuple(rows))


def elsewhere(pairs: int, only: str = "") -> Table:
    """Changes that are no cell's: no cell and no group may be claimed."""
    rows = []
    for scenario in _of(NO_CELL_CHANGE, only):
        result = tally(scenario, pairs)
        bound = _percent(result.lower_bound("cell or group"))
        rows.append(
            (scenario.name, _percent(result.share("cell or group")), bound, _percent(result.share("any claim")))
        )
    head = ("scenario", "cells, groups %", "at least %", "any line %")
    return Table(title="Changes that are no cell's own", head=head, rows=tuple(rows))


def declined(pairs: int, only: str = "") -> Table:
    """Designs that can't carry an answer."""
    designs = {
        "one side after the other": one_after_the_other,
        "one side after the other, labelled as blocks": _labelled,
        "one invocation a side": _single,
        "four invocations a side": _four,
    }
    rows = []
    for name, design in designs.items():
        if only not in name:
            continue
        result, scenario = Tally(), Scenario(name=name, noise=Noise(drift=0.1))
        for seed in range(pairs):
            answer = judge(*design(draw(scenario, seed)), Question(groups=scenario.shape.groups, seed=seed))
            result.count("declined", not answer.design.sound and not answer.claims)
        rows.append((name, _percent(result.share("declined"))))
    return Table(title="Designs that are declined", head=("design", "declined %"), rows=tuple(rows))


def _labelled(sides: tuple[Measurements, Measurements]) -> tuple[Measurements, Measurements]:
    before, after = one_after_the_other(sides)
    labels = np.arange(len(before.durations))
    return replace(before, blocks=labels), replace(after, blocks=labels)


def _single(sides: tuple[Measurements, Measurements]) -> tuple[Measurements, Measurements]:
    before, after = (_units(side, 1) for side in sides)
    return before, after


def _four(sides: tuple[Measurements, Measurements]) -> tuple[Measurements, Measurements]:
    before, after = (_units(side, 4) for side in sides)
    return before, after


def _units(side: Measurements, units: int) -> Measurements:
    return replace(
        side,
        durations=side.durations[:units],
        blocks=None if side.blocks is None else side.blocks[:units],
        starts_ns=None if side.starts_ns is None else side.starts_ns[:units],
    )


def stopping(pairs: int, only: str = "") -> Table:
    """False claims when the data are looked at every five blocks, up to forty."""
    rows = []
    for scenario in _of(STOPPING, only):
        result = optional_stopping(scenario, pairs)
        bound = _percent(result.lower_bound("spending: any claim"))
        shares = (_percent(result.share(f"{name}: any claim")) for name in ("spending", "plain"))
        rows.append((f"{scenario.name}, nothing changed", next(shares), bound, next(shares), ""))
    real = Scenario(name="2 % in one cell", shape=Shape(tokens=8), cells=(13,), ratio=0.98)
    result = optional_stopping(real, max(pairs // 4, 1))
    blocks = " / ".join(f"{result.share(f'{name}: blocks'):.1f}" for name in ("spending", "plain"))
    shares = (_percent(result.share(f"{name}: any claim")) for name in ("spending", "plain"))
    rows.append((real.name, next(shares), "", next(shares), blocks))
    head = ("scenario", "with spending %", "at least %", "plain level %", "blocks (spending / plain)")
    return Table(title="Claims when looking every five blocks", head=head, rows=tuple(rows))


def planned(pairs: int, only: str = "") -> Table:
    """Power that the number of blocks predicted by a pilot of ten really has, where 80 % were asked."""
    rows = []
    for scenario, named in ((WITH_CHANGE[1], True), (WITH_CHANGE[0], False), (WITH_CHANGE[3], True)):
        if only not in scenario.name:
            continue
        plan = realised_power(scenario, pairs, named=named)
        how = "named before" if named else "in the table"
        rows.append((f"{scenario.name}, {how}", f"{plan.blocks:.1f}", _percent(plan.power)))
    head = ("scenario", "predicted blocks", "realised power %")
    return Table(title="Blocks predicted for 80 % power by a pilot of ten", head=head, rows=tuple(rows))


def equivalence(pairs: int, only: str = "") -> Table:
    """A change of exactly the margin must rarely be called equivalent."""
    rows = []
    base = WITH_CHANGE[0]
    longer = Shape(before=60, after=60)
    for ratio, shape in ((1.01, Shape()), (0.99, Shape()), (1.01, longer), (1.0, Shape()), (1.0, longer)):
        change = f"{100 * (ratio - 1):+.0f} %" if ratio != 1.0 else "none"
        scenario = replace(base, name=f"{change}, {shape.before} blocks", shape=shape, ratio=ratio, named=None)
        if only not in scenario.name:
            continue
        result = Tally()
        for seed in range(pairs):
            answer = judge(*draw(scenario, seed), Question(groups=shape.groups, margin=0.01, seed=seed))
            line = answer.cells[scenario.cells[0]]
            result.count("equivalent", line.verdict is Verdict.EQUIVALENT)
        rows.append((scenario.name, _percent(result.share("equivalent")), _percent(result.lower_bound("equivalent"))))
    head = ("change of the cell", "equivalent %", "at least %")
    return Table(title="Called equivalent at a margin of 1 %", head=head, rows=tuple(rows))


def _of(scenarios: Iterable[Scenario], only: str) -> list[Scenario]:
    return [scenario for scenario in scenarios if only in scenario.name]


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f}"
