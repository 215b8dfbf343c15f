from __future__ import annotations

import re

import pytest

from assay.record.metrics import BY_NAME, DEFINITIONS, glossary_markdown

UNIT_ENDINGS = {"s": "s", "ms": "ms", "j": "J", "w": "W", "bytes": "B", "mb": "MB", "cores": "cores", "co2": "kg"}


def test_every_name_is_registered_once() -> None:
    assert len(BY_NAME) == len(DEFINITIONS)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: str(definition.name))
def test_a_definition_is_whole(definition: object) -> None:
    row = BY_NAME[definition.name]  # type: ignore[attr-defined]
    assert re.fullmatch("[a-z][a-z0-9_]*", row.name)
    assert row.meaning.endswith(".")
    assert row.origins
    assert set(row.origins) <= {"measured", "derived", "estimated"}
    assert all(name in BY_NAME for name in row.depends_on)
    assert row.origins != ("derived",) or row.depends_on
    ending = row.name.rpartition("_")[2]
    if ending in UNIT_ENDINGS and "_per_" not in row.name:
        assert row.unit == UNIT_ENDINGS[ending]


def test_the_glossary_shows_every_metric_with_unit_origin_and_sources() -> None:
    text = glossary_markdown()
    assert (
        "| `energy_adjusted_j` | J | lower | derived | Energy above the idle baseline. | energy_j, baseline_power_w |"
        in text
    )
    assert all(text.count(f"| `{name}` |") == 1 for name in BY_NAME)
