from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.engine.architecture import Architecture
from assay.engine.blocks import decode
from assay.engine.files import open_model
from assay.engine.files.gguf import read_file, read_gguf
from assay.engine.files.gguf.names import pairs_to_halves, renamed
from assay.engine.files.gguf.writing import write_gguf
from assay.engine.files.writing import raw_tensor
from assay.engine.presets.gguf_file import write_decoder_gguf
from assay.engine.quantise import encode
from assay.engine.reference import Reference
from assay.errors import ModelError
from tests.engine.decoders import random_weights, write_decoder
from tests.engine.files.mutations import assert_one_line, mutated


def converted(folder: Path, case: str, kind: str) -> Architecture:
    """The case's decoder in a GGUF file, as llama.cpp's converter would write it."""
    it = write_decoder(folder / "folder", case)
    numbers = random_weights(it)
    write_decoder_gguf(folder / "m.gguf", it, kind, lambda name, _: [numbers[name]])
    return it


@pytest.mark.parametrize("case", ["llama", "llama, every head its own keys", "mistral", "qwen3, tied"])
def test_a_gguf_file_is_the_same_decoder_as_the_folder(tmp_path: Path, case: str) -> None:
    converted(tmp_path, case, "f32")
    file, folder = open_model(tmp_path / "m.gguf"), open_model(tmp_path / "folder")
    assert file.folder == tmp_path
    logits = [
        decoder.prefill(decoder.sequence(), list(range(3, 40)))
        for decoder in (Reference(model.architecture, model.weights) for model in (file, folder))
    ]
    # The file keeps epsilon and theta in fp32.
    assert np.abs(logits[0] - logits[1]).max() <= 1e-6 * np.abs(logits[1]).max()


def test_rows_of_pairs_become_halves() -> None:
    assert pairs_to_halves(1, 6).tolist() == [0, 2, 4, 1, 3, 5]
    assert pairs_to_halves(2, 4).tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


@pytest.mark.parametrize("kind", ["f16", "bf16", "q8_0", "q4_0", "q4_k", "q6_k"])
def test_formats_may_be_mixed_by_tensor(tmp_path: Path, kind: str) -> None:
    numbers = np.random.default_rng(0).standard_normal((8, 256)).astype(np.float32)
    entries = [("a", kind, (8, 256)), ("b", "f32", (8, 256))]
    raw = encode(kind, numbers.reshape(-1))
    write_gguf(tmp_path / "m.gguf", {"general.architecture": "llama"}, entries, [raw.tobytes(), numbers.tobytes()])
    tensors = read_file(tmp_path / "m.gguf").tensors
    assert np.array_equal(tensors["a"].float32().reshape(-1), decode(kind, raw))
    assert np.array_equal(tensors["b"].float32(), numbers)


def test_the_gguf_package_reads_what_is_written(tmp_path: Path) -> None:
    gguf: Any = pytest.importorskip("gguf", reason="gguf is not installed")
    metadata = {
        "general.architecture": "llama",
        "a.texts": ["x", "ü"],
        "a.real": 0.5,
        "a.flag": True,
        "a.whole": [1, 2],
    }
    numbers = np.arange(512, dtype=np.float32).reshape(2, 256)
    data = encode("q4_k", numbers.reshape(-1)).tobytes()
    write_gguf(tmp_path / "m.gguf", metadata, [("w", "q4_k", (2, 256))], [data])
    reader = gguf.GGUFReader(tmp_path / "m.gguf")
    theirs = gguf.dequantize(reader.tensors[0].data, reader.tensors[0].tensor_type)
    ours = read_file(tmp_path / "m.gguf")
    assert np.array_equal(theirs.reshape(2, 256), ours.tensors["w"].float32())
    assert {key: reader.get_field(key).contents() for key in metadata} == {
        key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in ours.metadata.items()
    }


def test_experts_lie_in_one_tensor_and_phi3_has_fused_rows(tmp_path: Path) -> None:
    mixtral = write_decoder(tmp_path, "mixtral")
    stacked = np.arange(4 * 56 * 48, dtype=np.float32).reshape(4, 56, 48)
    found = dict(renamed({"blk.1.ffn_up_exps.weight": raw_tensor("f32", stacked)}, mixtral, "x"))
    assert np.array_equal(found["model.layers.1.mlp.experts.2.up_proj.weight"].float32(), stacked[2])
    phi3 = write_decoder(tmp_path, "phi3, windows")
    fused = {
        "blk.0.ffn_up.weight": raw_tensor("f32", stacked[0]),
        "blk.0.attn_qkv.weight": raw_tensor("f32", stacked[1]),
    }
    names = {"model.layers.0.mlp.gate_up_proj.weight", "model.layers.0.self_attn.qkv_proj.weight"}
    assert dict(renamed(fused, phi3, "x")).keys() == names
    with pytest.raises(ModelError, match=r"tensor 'blk.0.ssm_in.weight' has no place"):
        dict(renamed({"blk.0.ssm_in.weight": raw_tensor("f32", stacked[0])}, phi3, "x"))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"general.architecture": "mamba"}, "`general.architecture` is 'mamba'"),
        ({"llama.rope.scaling.type": "ntk"}, "`llama.rope.scaling.type` is 'ntk'"),
        ({"llama.attention.clamp_kqv": 8.0}, "`llama.attention.clamp_kqv` is 8.0, which is not supported"),
        ({"llama.block_count": 0}, "must be at least 1"),
        ({"llama.embedding_length": "big"}, "`llama.embedding_length` must be a whole number"),
        ({"split.count": 3}, "is one of several parts"),
    ],
)
def test_metadata_that_are_not_understood_are_refused_by_name(
    tmp_path: Path, changes: dict[str, Any], what: str
) -> None:
    converted(tmp_path, "llama", "f32")
    file = read_file(tmp_path / "m.gguf")
    plain = {key: value.item() if isinstance(value, np.generic) else value for key, value in file.metadata.items()}
    entries = [(name, tensor.kind, tensor.shape) for name, tensor in file.tensors.items()]
    data = [tensor.data.tobytes() for tensor in file.tensors.values()]
    write_gguf(tmp_path / "n.gguf", plain | changes, entries, data)
    with pytest.raises(ModelError) as caught:
        open_model(tmp_path / "n.gguf")
    assert what in str(caught.value)


def head(version: int = 3, tensors: int = 0, pairs: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensors, pairs)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "4 bytes are wanted at 0 of 0"),
        (b"GGML" + bytes(100), "does not begin with GGUF"),
        (head(version=1) + bytes(100), "it has version 1"),
        (head(tensors=2**60) + bytes(100), "entries are claimed"),
        (head(pairs=1) + struct.pack("<Q", 2**50) + bytes(100), "a name of"),
        (
            head(pairs=1) + struct.pack("<QBI", 1, 97, 9) + struct.pack("<IQ", 4, 2**62) + bytes(64),
            "entries are claimed",
        ),
        (head(pairs=1) + struct.pack("<QBI", 1, 97, 9) + struct.pack("<IQ", 9, 3) + bytes(64), "unknown type 9"),
        (head(pairs=1) + struct.pack("<QBI", 1, 97, 77) + bytes(64), "unknown type 77"),
        (head(tensors=1) + struct.pack("<QBI", 1, 97, 9) + bytes(64), "9 dimensions"),
        (head(tensors=1) + struct.pack("<QBIQIQ", 1, 97, 1, 2**40, 0, 0) + bytes(64), "ends at byte"),
        (head(tensors=1) + struct.pack("<QBIQIQ", 1, 97, 1, 8, 99, 0) + bytes(64), "has format 99"),
        (head(tensors=1) + struct.pack("<QBIQIQ", 1, 97, 1, 33, 8, 0) + bytes(64), "no whole blocks of q8_0"),
    ],
)
def test_counts_beyond_the_file_are_refused_before_anything_is_made(tmp_path: Path, content: bytes, what: str) -> None:
    (tmp_path / "m.gguf").write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_file(tmp_path / "m.gguf")
    assert what in str(caught.value)


def test_mutated_files_are_read_or_refused_in_one_line(tmp_path: Path) -> None:
    converted(tmp_path, "qwen3, tied", "f32")
    whole, draw, refused = (tmp_path / "m.gguf").read_bytes(), random.Random(2), 0
    for _ in range(200):
        (tmp_path / "m.gguf").write_bytes(mutated(whole, draw))
        try:
            read_gguf(tmp_path / "m.gguf")
        except ModelError as error:
            assert_one_line(str(error))
            refused += 1
    assert refused > 100
