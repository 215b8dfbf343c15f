from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.engine.files.safetensors import read_safetensors
from assay.engine.files.writing import raw_tensor, write_tensors
from assay.errors import ModelError
from tests.engine.files.mutations import assert_one_line, mutated

TENSORS = {
    "a": raw_tensor("f32", np.arange(12, dtype=np.float32).reshape(3, 4)),
    "b": raw_tensor("f32", np.ones(2, "f4")),
}


def written(path: Path, header: object, data: bytes = b"\0" * 8) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def entry(**changes: Any) -> dict[str, Any]:
    return {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_tensors(tmp_path / "m.safetensors", TENSORS)
    found = read_safetensors(tmp_path / "m.safetensors")
    assert {name: tensor.float32().tolist() for name, tensor in found.items()} == {
        name: tensor.float32().tolist() for name, tensor in TENSORS.items()
    }
    assert not found["a"].data.flags.writeable


def test_the_library_of_the_format_reads_what_is_written(tmp_path: Path) -> None:
    theirs: Any = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    write_tensors(tmp_path / "m.safetensors", TENSORS)
    assert theirs.load_file(tmp_path / "m.safetensors")["a"].tolist() == TENSORS["a"].float32().tolist()


@pytest.mark.parametrize(
    ("header", "data", "what"),
    [
        (b"{", b"", "its header can't be read"),
        (b"[]", b"", "its header can't be read"),
        ({"a": entry(dtype="I64")}, b"\0" * 8, "kind 'I64'"),
        ({"a": entry(more=1)}, b"\0" * 8, "unknown field"),
        ({"a": entry(shape=[-2])}, b"\0" * 8, "its header can't be read"),
        ({"a": entry(shape=[3])}, b"\0" * 8, "takes 12 bytes and has 8"),
        ({"a": entry(shape=[2**40] * 8)}, b"\0" * 8, "takes"),
        ({"a": entry(data_offsets=[0, 16], shape=[4])}, b"\0" * 8, "lies at 0 to 16 of 8"),
        ({"a": entry(data_offsets=[8, 0])}, b"\0" * 8, "lies at 8 to 0"),
        ({"a": entry(), "b": entry()}, b"\0" * 8, "begins at byte 0, the one before it ends at 8"),
        ({"a": entry(data_offsets=[8, 16])}, b"\0" * 16, "begins at byte 8"),
        ({"a": entry()}, b"\0" * 9, "ends at byte 8 of 9"),
        (b'{"a":' + b"[" * 100_000, b"", "its header can't be read"),
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, header: object, data: bytes, what: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_safetensors(written(tmp_path / "m.safetensors", header, data))
    assert what in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\0" * 7, b"\xff" * 8, (10**12).to_bytes(8, "little") + b"{}"])
def test_a_length_beyond_the_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="header"):
        read_safetensors(path)


def test_mutated_files_are_read_or_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    write_tensors(path, TENSORS)
    whole, refused = path.read_bytes(), 0
    draw = random.Random(0)
    for _ in range(300):
        path.write_bytes(mutated(whole, draw))
        refused += refusal(path) is not None
    assert refused > 50


def refusal(path: Path) -> str | None:
    """Why the file is not read; every number of one that is read was looked at."""
    try:
        sizes = [tensor.float32().size for tensor in read_safetensors(path).values()]
    except ModelError as error:
        assert_one_line(str(error))
        return str(error)
    assert sum(sizes) < 100
    return None
