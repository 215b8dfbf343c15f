"""Libraries with threads of their own, by file name and by asking them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.environment.facts import Unknown
from assay.observe.environment.sources import Sources
from assay.observe.environment.thread_pools import (
    Pool,
    installed_pools,
    kind_of,
    loaded_pools,
    threads_of,
    version_of,
)
from tests.observe.environment.machines import SYSTEM, make_machine


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("libopenblas.so.0", "openblas"),
        ("libscipy_openblas64_-32a4b2a6.so", "openblas"),
        ("libmkl_rt.so.2", "mkl"),
        ("libblis.so.4", "blis"),
        ("libiomp5.so", "iomp"),
        ("libgomp-a34b3233.so.1.0.0", "gomp"),
        ("libomp.so.5", "omp"),
        ("libomp-14.so", "omp"),
        ("libompitrace.so", None),
        ("libc.so.6", None),
        ("libgomp.a", None),
        ("libopenblas.py", None),
    ],
)
def test_a_library_is_known_by_its_file_name(file: str, kind: str | None) -> None:
    found = kind_of(file)
    assert (found.name if found else None) == kind


def test_a_mapped_library_is_listed_once(tmp_path: Path) -> None:
    maps = {"proc/self/maps": SYSTEM["proc/self/maps"] + str(SYSTEM["proc/self/maps"])}  # type: ignore[operator]
    pools = loaded_pools(make_machine(tmp_path, maps))
    assert isinstance(pools, tuple)
    assert [pool.name for pool in pools] == ["libgomp.so.1.0.0", "libscipy_openblas64_-32a4b2a6.so"]


def test_without_the_map_of_memory_nothing_is_claimed(tmp_path: Path) -> None:
    assert loaded_pools(make_machine(tmp_path)) == Unknown("/proc/self/maps does not exist")


def test_libraries_that_wheels_bring_along_are_found(tmp_path: Path) -> None:
    for file in (
        "numpy.libs/libscipy_openblas64_-1.so",
        "torch/lib/libgomp-2.so.1",
        "torch/lib/libtorch.so",
        "other/lib/libgomp.so",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(b"")
    found = installed_pools((str(tmp_path), str(tmp_path / "none")))
    assert [pool.name for pool in found] == ["libscipy_openblas64_-1.so", "libgomp-2.so.1"]


def test_a_loaded_blas_tells_its_version_and_its_threads() -> None:
    import numpy as np

    assert np.ones(2) @ np.ones(2) == 2
    pools = loaded_pools(Sources())
    assert isinstance(pools, tuple)
    blas = next(pool for pool in pools if pool.kind.name == "openblas")
    threads, version = threads_of(blas), version_of(blas)
    assert isinstance(threads, int)
    assert threads >= 1
    assert isinstance(version, str)
    assert version.startswith("0.3")


def test_a_library_that_is_not_loaded_is_not_opened(tmp_path: Path) -> None:
    kind = kind_of("libgomp.so.1")
    assert kind is not None
    claimed = Pool(kind, str(tmp_path / "libgomp.so.1"), loaded=True)
    assert isinstance(threads_of(claimed), Unknown)
    installed = Pool(kind, str(tmp_path / "libgomp.so.1"), loaded=False)
    assert "not loaded" in str(threads_of(installed))
