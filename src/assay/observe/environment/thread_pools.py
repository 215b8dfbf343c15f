"""Libraries that start worker threads of their own, found without importing any of them."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assay.observe.environment.facts import Unknown
from assay.observe.environment.sources import Sources


@dataclass(frozen=True)
class Kind:
    """How to recognise one family of libraries by file name, and what to ask it."""

    name: str
    pattern: re.Pattern[str]
    threads: tuple[str, ...] = ()
    """Functions that return the number of threads; builds differ in their prefixes and suffixes."""
    version: tuple[str, ...] = ()
    """Functions that return text with the version."""
    variable: str = "OMP_NUM_THREADS"
    """Variable that limits its threads."""


def _openblas(stem: str) -> tuple[str, ...]:
    return tuple(f"{prefix}{stem}{suffix}" for prefix in ("", "scipy_") for suffix in ("", "64_", "_64", "64"))


_OMP_THREADS = ("omp_get_max_threads",)

KINDS = (
    Kind(
        "openblas",
        re.compile(r"lib(?:scipy_)?openblas"),
        _openblas("openblas_get_num_threads"),
        _openblas("openblas_get_config"),
        "OPENBLAS_NUM_THREADS",
    ),
    Kind("mkl", re.compile(r"libmkl_rt"), ("MKL_Get_Max_Threads",), variable="MKL_NUM_THREADS"),
    Kind(
        "blis",
        re.compile(r"libblis"),
        ("bli_thread_get_num_threads",),
        ("bli_info_get_version_str",),
        "BLIS_NUM_THREADS",
    ),
    Kind("flexiblas", re.compile(r"libflexiblas"), ("flexiblas_get_num_threads",)),
    Kind("atlas", re.compile(r"lib(?:atlas|tatlas|satlas)")),
    Kind("iomp", re.compile(r"libiomp5"), _OMP_THREADS),
    Kind("gomp", re.compile(r"libgomp"), _OMP_THREADS),
    Kind("omp", re.compile(r"libomp(?=[-.\d])"), _OMP_THREADS),
)
"""Every family that is looked for; the first whose pattern fits the file's name is it."""

KEEP_LIBRARIES_INSIDE = frozenset({"torch", "mkl"})

OPENMP = frozenset({"iomp", "gomp", "omp"})


@dataclass(frozen=True)
class Pool:
    """One library that was found."""

    kind: Kind
    path: str
    loaded: bool

    @property
    def name(self) -> str:
        """Name of its file."""
        return Path(self.path).name


def kind_of(file_name: str) -> Kind | None:
    """The family of a library by the name of its file."""
    if ".so" not in file_name:
        return None
    return next((kind for kind in KINDS if kind.pattern.match(file_name)), None)


def loaded_pools(sources: Sources, process: str = "self") -> tuple[Pool, ...] | Unknown:
    """Libraries that the process has mapped."""
    text = sources.text(f"proc/{process}/maps")
    if isinstance(text, Unknown):
        return text
    paths = sorted(set(re.findall(r"\s(/\S[^\n]*\.so[^\n/]*)$", text, re.MULTILINE)))
    pairs = ((path.removesuffix(" (deleted)"), kind_of(Path(path).name)) for path in paths)
    return tuple(Pool(kind, path, loaded=True) for path, kind in pairs if kind)


@cache
def installed_pools(path: tuple[str, ...] = ()) -> tuple[Pool, ...]:
    """Libraries that Python packages bring along, in the folders where wheels put them."""
    files = (file for folder in path or tuple(sys.path) for file in _library_files(Path(folder)))
    found = {file: kind for file in files if (kind := kind_of(Path(file).name))}
    return tuple(Pool(found[file], file, loaded=False) for file in sorted(found))


def _library_files(folder: Path) -> Iterator[str]:
    """``numpy.libs/*.so`` is where wheels for Linux keep them; some packages use ``lib`` within their own folder."""
    for name in _listed(folder):
        place = folder / name
        if name.endswith(".libs"):
            yield from (str(place / file) for file in _listed(place))
        elif name in KEEP_LIBRARIES_INSIDE:
            yield from (str(place / "lib" / file) for file in _listed(place / "lib"))


def _listed(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def threads_of(pool: Pool) -> int | Unknown:
    """What a library that is loaded says; it is opened only if it is in the process already."""
    library = _opened(pool)
    if isinstance(library, Unknown):
        return library
    for name in pool.kind.threads:
        function = getattr(library, name, None)
        if function is not None:
            function.restype, function.argtypes = ctypes.c_int, []
            return int(function())
    return Unknown(f"{pool.name} has no function that tells its threads")


def version_of(pool: Pool) -> str | Unknown:
    """The version that a loaded library states."""
    library = _opened(pool)
    if isinstance(library, Unknown):
        return library
    for name in pool.kind.version:
        function = getattr(library, name, None)
        if function is not None:
            function.restype, function.argtypes = ctypes.c_char_p, []
            found = re.search(rb"\d+\.\d+(?:\.\w+)*", function() or b"")
            return found[0].decode() if found else Unknown("its own description states no version")
    return Unknown(f"{pool.name} has no function that tells its version")


def _opened(pool: Pool) -> ctypes.CDLL | Unknown:
    if not pool.loaded:
        return Unknown("the library is installed, but this process has not loaded it")
    try:
        return ctypes.CDLL(pool.path, mode=os.RTLD_NOLOAD | os.RTLD_NOW)
    except OSError as error:
        return Unknown(f"the library can't be asked: {error}")
