from __future__ import annotations

from assay.record.base import Absent
from assay.report.facts import KEY_FACTS, all_facts, key_facts
from tests.makers import make_cpu, make_environment


def test_every_key_fact_points_at_a_fact_of_the_record() -> None:
    assert [fact.name for fact in key_facts(make_environment())] == [label for label, _ in KEY_FACTS]


def test_facts_carry_readable_units_and_ranges() -> None:
    facts = {fact.name: fact.value for fact in key_facts(make_environment())}
    assert facts["memory"] == "24.0 GiB"
    assert facts["usable processors"] == "0-3"
    assert facts["turbo"] == "yes"


def test_what_is_unknown_keeps_its_reason() -> None:
    absent = (Absent(field="/cpu/governor", reason="no driver shows one"),)
    environment = make_environment(cpu=make_cpu(governor=None), absent=absent)
    fact = next(fact for fact in key_facts(environment) if fact.name == "frequency governor")
    assert (fact.value, fact.reason) == (None, "no driver shows one")


def test_all_facts_stand_under_the_records_headings() -> None:
    groups = {group.heading: group.facts for group in all_facts(make_environment())}
    assert {"cpu", "memory", "container", "kernel", "load", "python", "git"} <= groups.keys()
    assert {"model", "governor"} <= {fact.name for fact in groups["cpu"]}
    assert "absent" not in groups
