from __future__ import annotations

from assay.analyze.match import Places, Trial, trials
from assay.analyze.pointing import pointed
from assay.analyze.rules.load import RuleSet, read_rules
from assay.record.diagnosis.findings import Location
from tests.analyze.makers import FILE, LIBRARY, Piece, frame, make_evidence

SOURCE = """async def ask(item):
    return await reply(item)

async def main():
    for item in range(9):
        await ask(item)

def keep(path):
    kept.append(open(path))

asyncio.run(main())
keep('x')
"""
RULE = """
- {id: tried, title: a title, family: cpu, scope: SCOPE, points_at: [WORDS], when: [share(sleep) > 0.3], confidence: 1,
   observation: it was seen there, meaning: it means a lot, uncertainty: it may mean nothing,
   suggestions: [do that instead], verification: [look at it again]}
"""
WAITS = Piece(ms=900, stack=(frame("<module>", 11), ("/usr/lib/python3.11/selectors.py", "select", 4)), wait="sleep")
LOOP = (LIBRARY + "/asyncio/base_events.py", "run", 3)
RUNS = Piece(ms=60, stack=(frame("<module>", 11), LOOP, frame("main", 6), frame("ask", 2)))


def _first(words: str, *pieces: Piece, scope: str = "line") -> tuple[Location, Location]:
    """Where the time went, and where the rule points."""
    evidence = make_evidence(pieces, sources={FILE: SOURCE})
    rules, problems = read_rules(RULE.replace("WORDS", words).replace("SCOPE", scope), "x.yaml")
    assert problems == []
    (rule,) = RuleSet(tuple(rules), "").rules
    trial: Trial = next(one for one in trials(rule, Places(evidence)) if one.held)
    return trial.place.location, pointed(trial.place.location, trial)


def test_a_waiting_task_is_placed_where_it_was_seen_to_await_in_a_loop() -> None:
    before, after = _first("await_in_loop, await", WAITS, RUNS)
    assert (before.line, before.function) == (11, "<module>")
    assert (after.line, after.function) == (6, "main")


def test_the_next_best_word_serves_where_the_best_is_nowhere() -> None:
    _, after = _first("regex, await", WAITS, RUNS)
    assert (after.line, after.function) == (2, "ask")


def test_code_that_was_never_seen_on_a_stack_is_found_where_it_stands_only_once() -> None:
    _, after = _first("left_open", WAITS)
    assert (after.line, after.function) == (9, "keep")
    _, unclear = _first("await", WAITS)
    assert unclear.line == 11


def test_a_line_that_has_such_code_itself_stays() -> None:
    before, after = _first("call", WAITS, RUNS)
    assert after == before


def test_a_function_gets_its_line_with_such_code_else_its_most_expensive_one() -> None:
    sleeps = [
        Piece(ms=600, stack=(frame("main", 5),), wait="sleep"),
        Piece(ms=300, stack=(frame("main", 6),), wait="sleep"),
    ]
    assert _first("await", *sleeps, scope="function")[1].line == 6
    assert _first("regex", *sleeps, scope="function")[1].line == 5


def test_a_finding_about_the_whole_run_names_the_line_that_has_most_to_do_with_it() -> None:
    works = [Piece(ms=700, stack=(frame("main", 5),)), Piece(ms=200, stack=(frame("main", 6), frame("ask", 2)))]
    before, after = _first("await_in_loop, busiest", WAITS, *works, scope="run")
    assert (before.line, before.function) == (None, None)
    assert (after.scope, after.line, after.function) == (before.scope, 6, "main")
    _, busiest = _first("regex, busiest", WAITS, *works, scope="run")
    assert (busiest.line, busiest.function) == (5, "main")
    _, nowhere = _first("regex", WAITS, *works, scope="run")
    assert nowhere == before
