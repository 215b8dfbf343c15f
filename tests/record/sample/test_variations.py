from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.record.codec import decode_run, encode_run
from assay.record.run import RUN_FILE
from assay.record.sample import DOCUMENT_VARIATIONS, SAMPLE_FOLDER, DocumentVariation, vary
from tests.record.sample.sample_maker import write_sample

SAMPLE = (SAMPLE_FOLDER / RUN_FILE).read_bytes()


def test_the_sample_is_read_and_written_without_change() -> None:
    assert encode_run(decode_run(SAMPLE, "sample")) == SAMPLE


def test_the_sample_is_what_its_maker_writes(tmp_path: Path) -> None:
    made = write_sample(tmp_path / "run")
    shipped = decode_run(SAMPLE, "sample")
    assert (made.plan, made.environment, made.metrics) == (shipped.plan, shipped.environment, shipped.metrics)


@pytest.mark.parametrize("variation", DOCUMENT_VARIATIONS, ids=lambda variation: str(variation.id))
def test_every_documented_variation_of_the_record_is_refused(variation: DocumentVariation) -> None:
    with pytest.raises(RecordError) as caught:
        decode_run(vary(json.loads(SAMPLE), variation).encode(), "sample/run.json")
    line = str(caught.value)
    assert variation.message in line
    assert line.startswith("sample/run.json#/")
    assert len(line) <= 500
    assert line.isprintable()


def test_variations_have_names_of_their_own() -> None:
    names = [variation.id for variation in DOCUMENT_VARIATIONS]
    assert len(names) == len(set(names)) >= 40
