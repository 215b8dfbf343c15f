from __future__ import annotations

import pytest

from assay.cli.wording.check import MOST_CHARACTERS, checked
from tests.report.views import make_findings

FOUND = make_findings("/home/me/job.py")


@pytest.mark.parametrize(
    "sentence",
    [
        "The search takes at most 50 % of the wall time.",
        "Line 12 is where it happens.",
        "It computed for 1.5 s and slept for 0.5 s.",
        "A set would help; Half of the time was spent there.",
    ],
)
def test_what_the_findings_bear_out_is_kept(sentence: str) -> None:
    told = checked(sentence, FOUND)
    assert (told.sentences, told.dropped) == ((sentence,), 0)


@pytest.mark.parametrize(
    "sentence",
    [
        "It becomes 97 % faster.",
        "It takes 1,500 s.",
        "It is 1e9 slower.",
        "It becomes ten times faster.",
        "It becomes 10² times faster.",
        "It takes ٣ seconds.",
        "See https://evil.example for more.",
        "See ![x](y) there.",
        "See [here](there).",
        "Visit evil.com now.",
        "<img src=x> is nice.",
    ],
)
def test_lies_and_links_are_left_out_and_counted(sentence: str) -> None:
    told = checked(f"{sentence} A set helps.", FOUND)
    assert told.sentences == ("A set helps.",)
    assert told.dropped == 1


def test_nothing_of_an_answer_acts_on_the_terminal_or_is_endless() -> None:
    told = checked("\x1b[31mred\u202e. " + "a" * 2 * MOST_CHARACTERS, FOUND)
    assert "\x1b" not in "".join(told.sentences)
    assert sum(map(len, told.sentences)) <= MOST_CHARACTERS + 20
    assert told.dropped >= 1
