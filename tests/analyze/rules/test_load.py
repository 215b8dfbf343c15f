from __future__ import annotations

from pathlib import Path

import pytest

from assay.analyze.rules.load import load_rules, read_rules
from assay.errors import UsageError
from tests.analyze.rules.makers import make_rule


def test_a_good_rule_is_read_with_its_needs() -> None:
    rules, problems = read_rules(make_rule(), "my.yaml")
    assert problems == []
    assert (rules[0].text.id, rules[0].needs, rules[0].where) == ("hot", frozenset({"stacks"}), "my.yaml:1")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"when": "[shar(cpu) > 0.5]"}, "my.yaml:5: hot: when: there is no function 'shar'; did you mean 'share'"),
        ({"when": "[share(cpu)]"}, "my.yaml:5: hot: when: this is a number, not a yes or no"),
        ({"when": "[mean(rss) > 1]"}, "no metric 'rss'"),
        ({"when": "[]"}, "length >= 1"),
        ({"confidence": "share(cpu) > 1"}, "my.yaml:6: hot: confidence: this is a yes or no, not a number"),
        ({"confidence": "2 +"}, "at character 4"),
        ({"family": "speed"}, "my.yaml:3: hot: family: Invalid enum value 'speed'"),
        ({"titel": "x"}, "there is no field 'titel'; did you mean 'title'"),
        ({"title": None}, "missing required field `title`"),
        ({"observation": "'It took {wall_s()} in all.'"}, "my.yaml:7: hot: observation: a stray '{'"),
        ({"observation": "'It took {wall_s()|hours} in all.'"}, "no unit 'hours'"),
        ({"observation": "'It took {wall_x()|seconds} in all.'"}, "no function 'wall_x'"),
        ({"points_at": "[nowhere]"}, "source() has no word 'nowhere'"),
        ({"lowers": "0.5"}, "only a rule of the family trust"),
        ({"let": "{share: wall_s()}"}, "'share' is a function already"),
        ({"id": "Hot Line"}, "my.yaml:1: Hot Line: id"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_with_its_line(changes: dict[str, str | None], words: str) -> None:
    rules, problems = read_rules(make_rule(**changes), "my.yaml")
    assert rules == []
    assert len(problems) == 1
    assert words in problems[0]
    assert problems[0].startswith("my.yaml:")


@pytest.mark.parametrize("text", ["a: 1", "- 1", "- [", "- &a *a", "\0", "- !!python/object:os.system x"])
def test_a_file_that_holds_no_rules_is_refused_in_a_line(text: str) -> None:
    rules, problems = read_rules(text, "my.yaml")
    assert rules == []
    assert all(problem.startswith("my.yaml") and "\n" not in problem for problem in problems)
    assert problems


def test_a_value_with_a_name_may_be_used_by_what_follows() -> None:
    rules, problems = read_rules(make_rule(let="{much: share(cpu) * 2}", when="[much > 1]", confidence="much / 2"), "a")
    assert problems == []
    assert [name for name, _ in rules[0].named] == ["much"]


def test_rules_of_a_folder_come_beside_those_of_assay(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(make_rule(id="my_own"))
    rules = load_rules([tmp_path])
    assert rules.get("my_own").where.startswith(str(tmp_path))
    assert rules.sha256 != load_rules().sha256
    assert [rule.text.id for rule in rules.rules] == sorted(rule.text.id for rule in rules.rules)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(make_rule(id="hot_line") + make_rule(id="one", family="x"))
    (tmp_path / "b.yaml").write_text(make_rule(id="two", excludes="[nobody]"))
    with pytest.raises(UsageError) as caught:
        load_rules([tmp_path])
    text = str(caught.value)
    assert "hot_line: stands in cpu.yaml" in text
    assert "family" in text
    assert "no pattern 'nobody'" in text


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder of patterns"):
        load_rules([tmp_path / "nothing"])


def test_a_misspelt_pattern_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'sleep_poll'"):
        load_rules().get("sleep_pol")


def test_conditions_for_want_of_stacks_are_checked_like_the_others() -> None:
    text = """
- {id: tried, title: a title, family: memory, scope: line, when: [share(cpu) > 0.3], confidence: 1,
   without_stacks: {when: [CONDITION], confidence: 0.5, observation: "it rose by {rise(threads)|count}"},
   observation: it was seen there, meaning: it means a lot, uncertainty: it may mean nothing,
   suggestions: [do that instead], verification: [look at it again]}
"""
    [rule], problems = read_rules(text.replace("CONDITION", "rise(threads) > 3"), "x.yaml")
    assert problems == []
    assert rule.without_stacks is not None
    assert (rule.without_stacks.text.scope.value, rule.without_stacks.needs) == ("run", frozenset({"processes"}))
    assert rule.without_stacks.text.without_stacks is None
    assert "tried" in read_rules(text.replace("CONDITION", "rize(threads) > 3"), "x.yaml")[1][0]
