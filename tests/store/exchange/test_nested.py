from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.errors import RecordError
from assay.record.base import Absent
from assay.record.run import RUN_FILE, Run
from assay.record.sample import SAMPLE_FOLDER
from assay.store.exchange.nested.schema import DIGEST, FILES, from_row, run_columns, to_row
from assay.store.exchange.nested.taking_apart import take_apart
from assay.store.exchange.nested.writing import write_nested
from tests.makers import make_cpu, make_environment, make_run
from tests.store.exchange.folders import SAMPLE


def through_columns(run: Run) -> Run:
    table = pa.Table.from_pylist([to_row(run)], schema=run_columns())
    row = table.to_pylist()[0]
    return from_row({name: value for name, value in row.items() if name not in {DIGEST, FILES}})


@pytest.mark.parametrize("run", [make_run(), SAMPLE, make_run(ops=(), metrics=(), quality=())])
def test_a_run_comes_back_equal_through_columns(run: Run) -> None:
    assert through_columns(run) == run


def test_numbers_come_back_bit_for_bit() -> None:
    run = make_run(position=msgspec.structs.replace(make_run().position, cycle=2**63 - 1))
    tiny = msgspec.structs.replace(run.plan, timeout_s=5e-324)
    back = through_columns(msgspec.structs.replace(run, plan=tiny))
    assert (back.position.cycle, back.plan.timeout_s) == (2**63 - 1, 5e-324)


def test_a_null_stays_a_null_and_an_empty_list_an_empty_list() -> None:
    absent = (Absent(field="/cpu/features", reason="unreadable"),)
    unknown = make_run(environment=make_environment(cpu=make_cpu(features=None), absent=absent))
    empty = make_run(environment=make_environment(cpu=make_cpu(features=())))
    assert through_columns(unknown).environment.cpu.features is None
    assert through_columns(empty).environment.cpu.features == ()


def test_there_is_a_column_for_every_field_of_the_record() -> None:
    names = set(run_columns().names)
    assert names - {DIGEST, FILES} == {field.encode_name for field in msgspec.structs.fields(Run)}
    quantity = run_columns().field("metrics").type.value_type.field("value").type
    assert {field.name for field in quantity} >= {"origin", "value", "by", "sources", "model", "reason", "low", "high"}


def test_an_unknown_kind_is_refused() -> None:
    row = to_row(SAMPLE)
    row["metrics"][0]["value"]["origin"] = "guessed"
    with pytest.raises(RecordError, match="'guessed' is none of the kinds"):
        from_row(row)


def taken_apart(path: Path, folder: Path) -> str:
    folder.mkdir()
    with path.open("rb") as file:
        return take_apart(file.fileno(), folder)


def test_an_export_is_laid_out_as_it_was(tmp_path: Path) -> None:
    write_nested(SAMPLE, SAMPLE_FOLDER, tmp_path / "run.parquet")
    assert taken_apart(tmp_path / "run.parquet", tmp_path / "out") == ""
    assert (tmp_path / "out" / RUN_FILE).read_bytes() == (SAMPLE_FOLDER / RUN_FILE).read_bytes()
    assert (tmp_path / "out/spans.parquet").read_bytes() == (SAMPLE_FOLDER / "spans.parquet").read_bytes()


def test_a_record_that_was_changed_in_its_columns_is_refused(tmp_path: Path) -> None:
    write_nested(SAMPLE, SAMPLE_FOLDER, tmp_path / "run.parquet")
    table = pq.read_table(tmp_path / "run.parquet")
    changed = table.set_column(table.schema.get_field_index("status_reason"), "status_reason", pa.array(["no"]))
    pq.write_table(changed.cast(table.schema), tmp_path / "other.parquet")
    assert taken_apart(tmp_path / "other.parquet", tmp_path / "out") != ""
    assert list((tmp_path / "out").iterdir()) == []
