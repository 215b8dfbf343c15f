"""The interpreter, its packages and thread pools, variables that change performance, and the source state."""

from __future__ import annotations

from assay.record.base import Count, Name, Record, Text


class Package(Record, kw_only=True):
    """One installed Python distribution."""

    name: Name
    """Distribution name, normalised."""
    version: Name
    """Its version."""


class Variable(Record, kw_only=True):
    """One environment variable that the allow-list admits; secrets are masked."""

    name: Name
    """Name of the variable."""
    value: Text
    """Its value, masked where it looks like a secret."""


class ThreadPool(Record, kw_only=True):
    """One library that starts worker threads of its own: a BLAS or an OpenMP runtime."""

    kind: Name
    """``openblas``, ``mkl``, ``blis``, ``flexiblas``, ``atlas``, ``gomp``, ``iomp`` or ``omp``."""
    library: Name
    """File name of the library."""
    loaded: bool
    """Whether this process had it loaded; else it is installed beside a Python package."""
    version: Name | None
    """Its version, as it states it."""
    threads: Count | None
    """Threads it would use."""


class Python(Record, kw_only=True):
    """The interpreter that measured."""

    version: Name | None
    """Full version."""
    implementation: Name | None
    """``CPython`` or another."""
    compiler: Name | None
    """What built it."""
    executable: Name | None
    """Path, with the home folder shortened to ``~``."""
    gil_enabled: bool | None
    """Whether the global interpreter lock is on."""
    packages: tuple[Package, ...] | None
    """Installed distributions, sorted by name."""
    blas: tuple[ThreadPool, ...] | None
    """Thread-pool libraries, loaded or installed, sorted by file name."""


class Git(Record, kw_only=True):
    """The source state of the folder the target ran in."""

    commit: Name | None
    """Commit checked out."""
    branch: Name | None
    """Branch checked out."""
    dirty: bool | None
    """Whether tracked files differ from the commit."""
