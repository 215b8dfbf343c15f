from __future__ import annotations

from collections import Counter

import pytest

from assay.errors import RecordError
from assay.record.codec import decode_run, encode_run
from tests.makers import document, make_run
from tests.record.codec.mutations import mutations

MUTATIONS = 2500


def test_the_undamaged_document_is_valid() -> None:
    assert decode_run(encode_run(make_run()), "run.json") == make_run()


@pytest.mark.parametrize("seed", range(5))
def test_every_mutation_is_read_to_an_equal_run_or_refused_in_one_line(seed: int) -> None:
    outcomes: Counter[str] = Counter()
    for data in mutations(document(), MUTATIONS // 5, seed):
        try:
            run = decode_run(data, "some/run.json")
        except RecordError as error:
            line = str(error)
            assert line.startswith("some/run.json#/"), line
            assert len(line) <= 500, line
            assert line.isprintable(), line
            outcomes["refused"] += 1
        else:
            assert decode_run(encode_run(run), "again") == run
            outcomes["valid"] += 1
    assert outcomes["refused"] > 300, outcomes
    assert outcomes["valid"] > 5, outcomes
